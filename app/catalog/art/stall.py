"""The picture on the home page: a stall under its awning, stocked by the same pens that draw the goods."""

from app.catalog.art.palette import WOOD, WOOD_DARK, dark, lite
from app.catalog.art.pen import Pen
from app.catalog.art.scene import sketch

WIDTH, HEIGHT = 960, 640
WALL, FLOOR = "#EFE6D3", "#E0D1B5"
SHELF, COUNTER = 356, 520  # where goods stand, in y

GOODS = (  # kind, way, form, x, y of its foot, scale
    ("plant", "terracotta", None, 196, SHELF, 0.40),
    ("clock", "ink", "alarm", 330, SHELF, 0.30),
    ("book", "plum", "sun", 470, SHELF, 0.40),
    ("speaker", "bottle", None, 616, SHELF, 0.36),
    ("plant", "sky", "snake", 742, SHELF, 0.40),
    ("kettle", "mango", "goose", 190, COUNTER, 0.44),
    ("mug", "terracotta", "pair", 326, COUNTER, 0.36),
    ("lamp", "bottle", "task", 462, COUNTER, 0.45),
    ("headphones", "plum", None, 632, COUNTER, 0.34),
    ("backpack", "ink", "roll", 778, COUNTER, 0.44),
)


def stall() -> str:
    """SVG text, 960 × 640."""
    pens = [sketch(kind, way, form, "stall", uid=f"s{i}") for i, (kind, way, form, *_) in enumerate(GOODS)]
    placed = [_placed(pen, *goods[3:]) for pen, goods in zip(pens, GOODS, strict=True)]
    on_shelf = [svg for svg, goods in zip(placed, GOODS, strict=True) if goods[4] == SHELF]
    on_counter = [svg for svg, goods in zip(placed, GOODS, strict=True) if goods[4] == COUNTER]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">',
        f"<defs>{''.join(line for pen in pens for line in pen.defs)}</defs>",
        *_square(),
        *_frame(),
        *on_shelf,
        *_counter(),
        *on_counter,
        *_awning(56, 44, 848, 96, 14),
        _fill("M84 36h792v14H84z", WOOD_DARK),
    ]
    return "".join(parts) + "</svg>\n"


def _placed(pen: Pen, x: int, y: int, scale: float) -> str:
    shadow = "#6E4A2A" if y == COUNTER else "#7B5632"  # falls on wood here, not on the floor
    thing = "".join(pen.shapes).replace(pen.shade, shadow)
    return f'<g transform="translate({x} {y}) scale({scale}) translate(-240 -394)">{thing}</g>'


def _fill(line: str, colour: str) -> str:
    return f'<path d="{line}" fill="{colour}"/>'


def _square() -> list[str]:
    return [
        _fill(f"M0 0h{WIDTH}v{HEIGHT}H0z", WALL),
        _fill(f"M0 548h{WIDTH}v92H0z", FLOOR),
        _fill("M60 0H330L150 548H0V170Z", lite(WALL, 0.34)),
        _fill("M150 548H0v92h90z", lite(FLOOR, 0.26)),
        f'<ellipse cx="500" cy="612" rx="420" ry="16" fill="{dark(FLOOR, 0.2)}"/>',
    ]


def _frame() -> list[str]:
    return [
        _fill("M92 130h22v470H92zM846 130h22v470h-22z", WOOD_DARK),
        _fill("M92 130h8v470h-8zM846 130h8v470h-8z", WOOD),
        _fill("M114 130H846V530H114z", dark(WALL, 0.1)),
        _fill("M114 130H846V236L114 262Z", dark(WALL, 0.18)),
        _fill("M114 356H846v14H114z", WOOD),
        _fill("M114 366H846v8H114z", WOOD_DARK),
    ]


def _counter() -> list[str]:
    planks = [_fill(f"M{x} 546h3v58h-3z", dark(WOOD, 0.16)) for x in range(148, 876, 66)]
    return [
        _fill("M70 516H890v20H70z", lite(WOOD, 0.12)),
        _fill("M84 536H876v68H84z", WOOD),
        _fill("M84 536H876v10H84z", WOOD_DARK),
        *planks,
    ]


def _awning(x: float, y: float, width: float, height: float, stripes: int) -> list[str]:
    """Stripes with a scalloped edge."""
    step, radius, shapes = width / stripes, width / stripes / 2, []
    for i in range(stripes):
        colour = "#1F5F4A" if i % 2 == 0 else "#FBF3E2"
        left = x + i * step
        top, top_step = x + width * 0.04 + i * (width * 0.92 / stripes), width * 0.92 / stripes
        edge = y + height
        shapes.append(_fill(f"M{top:.1f} {y}H{top + top_step:.1f}L{left + step:.1f} {edge}H{left:.1f}Z", colour))
        scallop = f"h{step:.1f}v{radius * 0.5:.1f}a{radius:.1f} {radius:.1f} 0 0 1 {-step:.1f} 0z"
        shapes.append(_fill(f"M{left:.1f} {edge}{scallop}", dark(colour, 0.12)))
    return shapes
