"""Books by their covers, and the cardboard box for goods of no other kind."""

from collections.abc import Callable

from app.catalog.art.palette import PAPER, WOOD, dark, lite, mix
from app.catalog.art.pen import Pen


def sun_cover(k: Pen) -> None:
    def print_cover() -> None:
        k.oval(254, 168, 42, 42, k.second)
        k.path("M176 246 Q214 196 254 226 T332 214 V318 H176Z", lite(k.base, 0.3))
        k.path("M176 276 Q224 240 268 262 T332 254 V318 H176Z", dark(k.base, 0.26))

    _book(k, print_cover)


def tile_cover(k: Pen) -> None:
    def print_cover() -> None:
        for row in range(3):
            for column in range(3):
                x, y = 194 + row * 40, 112 + column * 40
                rounded = "h36 v36 q-36 0 -36 -36Z" if (row + column) % 2 else "h36 q0 36 -36 36Z"
                k.path(f"M{x} {y} {rounded}", k.second if row * column % 2 == 0 else lite(k.base, 0.5))

    _book(k, print_cover)


def leaf_cover(k: Pen) -> None:
    def print_cover() -> None:
        k.path("M254 250 V130", stroke=k.second, width=6)
        for y, side in ((230, 1), (206, -1), (182, 1), (158, -1)):
            k.path(f"M254 {y} q{26 * side} -4 {40 * side} -34 q{-34 * side} 0 {-40 * side} 34Z", k.second)

    _book(k, print_cover)


def moon_cover(k: Pen) -> None:
    def print_cover() -> None:
        k.box(176, 84, 156, 238, 4, dark(k.base, 0.3))
        k.path("M276 122 a46 46 0 1 0 22 78 a40 40 0 0 1 -22 -78Z", k.second)
        for x, y in ((206, 116), (304, 140), (212, 228), (308, 236), (248, 250)):
            k.oval(x, y, 4, 4, PAPER)

    _book(k, print_cover)


def boat_cover(k: Pen) -> None:
    def print_cover() -> None:
        k.path("M250 120 V222 H196Z", k.second)
        k.path("M262 140 V222 H306Z", lite(k.base, 0.5))
        k.path("M188 232 H320 L300 254 H206Z", PAPER)
        k.path("M184 270 q18 -12 36 0 t36 0 t36 0 t36 0", stroke=lite(k.base, 0.35), width=6)

    _book(k, print_cover)


def _book(k: Pen, print_cover: Callable[[], None]) -> None:
    """Two books lying, and one leaning on nothing but charm, with its cover to us."""
    k.shadow(244, 394, 150)
    _lying(k, 112, 358, 256, 36, mix(k.base, k.ground.floor, 0.45))
    _lying(k, 126, 324, 226, 34, k.second)
    k.group("rotate(-7 240 324)")
    k.path("M330 88 l12 10 V318 l-12 4Z", dark(PAPER, 0.08))
    k.box(160, 84, 172, 238, 5, k.cel(k.base, 0.09, 0.93))
    print_cover()
    k.box(160, 84, 16, 238, 4, dark(k.base, 0.2))
    title = PAPER if k.base != "#F5EFE2" else dark(k.second, 0.1)
    k.box(194, 280, 104, 7, 3, title)
    k.box(194, 294, 64, 5, 2, title, opacity=0.7)
    k.end()


def _lying(k: Pen, x: int, y: int, w: int, h: int, colour: str) -> None:
    k.box(x + 10, y + 5, w - 6, h - 10, 2, PAPER)
    for page in range(3):
        k.path(f"M{x + 24} {y + 10 + page * 7} H{x + w - 4}", stroke="#E2D8C0", width=1.5)
    spine = f"q-5 {h / 2 - 6:g} 0 {h - 12} H{x + w} v6 H{x + 8} q-10 -{h / 2:g} 0 -{h}Z"
    k.path(f"M{x + 8} {y} H{x + w} v6 H{x + 18} {spine}", k.cel(colour, 0.06, 0.8))


def parcel(k: Pen) -> None:
    """Cardboard keeps its own colour; the colourway shows in the tape and the label."""
    card, tape = "#CFA271", k.base if k.base != WOOD else k.second
    k.shadow(252, 394, 150)
    k.path("M96 204 L306 204 L306 394 H110 Q96 394 96 380Z", k.cel(card, 0.06, 0.95, 0.06))
    k.path("M306 204 L384 178 V362 Q384 372 372 376 L306 394Z", dark(card, 0.24))
    k.path("M96 204 L176 158 L384 178 L306 204Z", lite(card, 0.24))
    k.path("M178 204 L256 165 L296 169 L222 204Z", lite(tape, 0.18))
    k.path("M178 204 H222 V262 l-11 -8 l-11 8 l-11 -8 l-11 8Z", tape)
    k.box(120, 310, 92, 60, 4, PAPER)
    k.path("M134 330 h62 M134 348 h40", stroke=dark(card, 0.4), width=5)
    k.path("M254 366 v-40 m-13 14 l13 -14 l13 14", stroke=dark(card, 0.42), width=6)
    k.path("M284 366 v-40 m-13 14 l13 -14 l13 14", stroke=dark(card, 0.42), width=6)
