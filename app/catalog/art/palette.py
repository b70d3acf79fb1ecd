"""The colours of the pictures: grounds to stand on, colourways for the goods, and how light falls on them."""

from typing import NamedTuple


class Ground(NamedTuple):
    wall: str
    floor: str


class Way(NamedTuple):
    """A colourway: the goods' main and second colour, and the ground that suits them."""

    base: str
    second: str
    ground: str


GROUNDS = {
    "oat": Ground("#EFE6D3", "#E0D1B5"),
    "sage": Ground("#D9E3D5", "#C1D0BE"),
    "sky": Ground("#D5E1E4", "#BCCFD4"),
    "blush": Ground("#F2DDCF", "#E4C5B1"),
    "butter": Ground("#F6E6BC", "#EACF94"),
    "stone": Ground("#E5E2DA", "#D2CCC0"),
}
PLAIN_GROUND = Ground("#F6F1E5", "#EAE2D0")

WAYS = {
    "bottle": Way("#1F5F4A", "#E9B44C", "blush"),
    "mango": Way("#E99A2B", "#2E4668", "sky"),
    "terracotta": Way("#C65B3C", "#F3E9D6", "sage"),
    "ink": Way("#30496F", "#E7A23B", "butter"),
    "chalk": Way("#F5EFE2", "#C08E5C", "sage"),
    "coal": Way("#3B4143", "#D0694A", "oat"),
    "plum": Way("#7A4560", "#EBC571", "stone"),
    "moss": Way("#7E9C70", "#8A5A37", "butter"),
    "sky": Way("#6F9DB1", "#F3E9D6", "oat"),
    "brick": Way("#9B3F2D", "#E7C9A9", "stone"),
    "butter": Way("#EBC252", "#1F5F4A", "sky"),
    "wood": Way("#C4935F", "#1F5F4A", "stone"),
}
CHALK, WOOD, WOOD_DARK, STEEL, GLOW = "#F5EFE2", "#C4935F", "#96683D", "#B9BDB8", "#FFE7A3"
PAPER, CREAM, COFFEE = "#FBF5E6", "#F3E9D6", "#5A3A28"


def mix(a: str, b: str, share: float) -> str:
    """`a` with `share` (0 to 1) of `b` in it, as #RRGGBB."""
    return "#" + "".join(f"{round(x + (y - x) * share):02X}" for x, y in zip(_rgb(a), _rgb(b), strict=True))


def dark(colour: str, share: float = 0.22) -> str:
    return mix(colour, "#16202A", share)


def lite(colour: str, share: float = 0.22) -> str:
    return mix(colour, "#FFF8E8", share)


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
