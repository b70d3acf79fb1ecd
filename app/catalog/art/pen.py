"""The pen that every kind is drawn with: it collects shapes on a 480 × 480 sheet, with the floor from y = 340."""

import random

from app.catalog.art.palette import GROUNDS, WAYS, dark, lite


class Pen:
    """Draws in one colourway. `uid` keeps gradient ids apart where several pens share one picture."""

    def __init__(self, seed: str, way: str, uid: str = "") -> None:
        self.random = random.Random(seed)  # noqa: S311 - leaves, not secrets
        self.base, self.second, ground = WAYS[way]
        self.ground = GROUNDS[ground]
        self.uid = uid
        self.defs: list[str] = []
        self.shapes: list[str] = []
        self._bands: dict[tuple[str, float, float, float], str] = {}

    @property
    def shade(self) -> str:
        """The colour of the one soft shadow on the floor."""
        return dark(self.ground.floor, 0.2)

    def cel(self, colour: str, lit: float = 0.14, shaded: float = 0.66, depth: float = 0.2) -> str:
        """A fill in three flat bands: lit left edge, plain middle, shaded right side."""
        key = (colour, lit, shaded, depth)
        if key not in self._bands:
            name = self._bands[key] = f"{self.uid}g{len(self._bands)}"
            self.defs.append(
                f'<linearGradient id="{name}"><stop offset="{lit}" stop-color="{lite(colour, 0.28)}"/>'
                f'<stop offset="{lit}" stop-color="{colour}"/><stop offset="{shaded}" stop-color="{colour}"/>'
                f'<stop offset="{shaded}" stop-color="{dark(colour, depth)}"/></linearGradient>'
            )
        return f"url(#{self._bands[key]})"

    def path(
        self,
        line: str,
        fill: str = "none",
        *,
        stroke: str | None = None,
        width: float = 0,
        opacity: float = 1,
        dash: str = "",
    ) -> None:
        ink = ""
        if stroke:
            ink = f' stroke="{stroke}" stroke-width="{width:g}" stroke-linecap="round" stroke-linejoin="round"'
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.shapes.append(f'<path d="{line}" fill="{fill}"{ink}{_faded(opacity)}{dashes}/>')

    def oval(self, x: float, y: float, rx: float, ry: float, fill: str, opacity: float = 1) -> None:
        self.shapes.append(f'<ellipse cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{ry:g}" fill="{fill}"{_faded(opacity)}/>')

    def box(self, x: float, y: float, w: float, h: float, round: float, fill: str, opacity: float = 1) -> None:
        size = f'width="{w:g}" height="{h:g}" rx="{round:g}"'
        self.shapes.append(f'<rect x="{x:g}" y="{y:g}" {size} fill="{fill}"{_faded(opacity)}/>')

    def shadow(self, x: float, y: float, rx: float, ry: float = 0) -> None:
        self.oval(x + rx * 0.16, y, rx, ry or max(7, rx * 0.11), self.shade)

    def group(self, transform: str) -> None:
        """Moves what follows, until `end`."""
        self.shapes.append(f'<g transform="{transform}">')

    def end(self) -> None:
        self.shapes.append("</g>")


def _faded(opacity: float) -> str:
    return "" if opacity == 1 else f' opacity="{opacity:g}"'
