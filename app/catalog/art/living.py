"""Plants in pots. Everything stands on y = 394 around x = 240; soil lies at y = 288."""

from app.catalog.art.palette import GROUNDS, WOOD_DARK, dark, lite
from app.catalog.art.pen import Pen

FIG_LEAVES = ((-74, 128, 38), (74, 122, 36), (-46, 168, 42), (48, 172, 42), (-20, 206, 44), (22, 196, 42), (0, 150, 36))


def rubber_fig(k: Pen) -> None:
    green = _green(k)
    k.shadow(240, 394, 92)
    for angle, length, _ in FIG_LEAVES:
        k.group(f"translate(240 296) rotate({angle + k.random.randint(-5, 5)})")
        k.path(f"M0 0 V{-length * 0.5:g}", stroke=dark(green, 0.34), width=5)
        k.end()
    greens = (green, lite(green, 0.12), dark(green, 0.14))
    for i, (angle, length, width) in enumerate(FIG_LEAVES):
        _leaf(k, 240 + angle * 0.55, 286 - (80 - abs(angle)) * 0.35, angle, length, width, greens[i % 3])
    _pot(k)


def snake_plant(k: Pen) -> None:
    green = _green(k)
    k.shadow(240, 394, 92)
    for x, angle, length in ((210, -13, 190), (270, 13, 180), (226, -5, 236), (256, 6, 214), (240, 1, 264)):
        _leaf(k, x, 290, angle, length, 26, green if length > 200 else dark(green, 0.12))
        k.group(f"translate({x} 290) rotate({angle})")
        k.path(f"M0 0 V{-length + 14}", stroke="#DCE2A4", width=3, opacity=0.55)
        k.end()
    _pot(k)


def column_cactus(k: Pen) -> None:
    green = _green(k)
    k.shadow(240, 394, 92)
    k.box(196, 120, 88, 190, 44, k.cel(green))
    k.path("M200 230 H164 Q144 230 144 208 V190", stroke=green, width=34)
    k.path("M284 200 H316 Q334 200 334 180 V166", stroke=dark(green, 0.16), width=32)
    for x in (222, 240, 260):
        k.path(f"M{x} 144 V290", stroke=dark(green, 0.26), width=3, dash="2 13")
    for x, y in ((240, 118), (144, 172), (228, 124), (254, 124)):
        k.oval(x, y, 9, 9, _blossom(k))
    _pot(k)


def barrel_cactus(k: Pen) -> None:
    green = _green(k)
    k.shadow(240, 394, 92)
    k.oval(240, 224, 96, 84, k.cel(green, 0.12, 0.7))
    for bend in (-70, -38, 0, 38, 70):
        k.path(f"M240 140 Q{240 + bend * 1.7:g} 220 {240 + bend} 300", stroke=dark(green, 0.24), width=4, dash="3 12")
    for x, y, r in ((240, 138, 15), (216, 144, 11), (264, 144, 11)):
        k.oval(x, y, r, r * 0.9, _blossom(k))
        k.oval(x, y, r * 0.4, r * 0.4, "#FFF0C2")
    _pot(k)


def little_tree(k: Pen) -> None:
    green = _green(k)
    k.shadow(240, 394, 92)
    k.path("M240 292 C244 240 232 210 240 150 M239 214 L206 172 M238 196 L276 150", stroke=WOOD_DARK, width=10)
    for x, y, r in ((196, 158, 50), (286, 150, 52), (240, 112, 60), (240, 168, 46)):
        k.oval(x, y, r, r * 0.86, k.cel(dark(green, 0.1) if y > 140 else green, 0.16, 0.68))
    for x, y in ((180, 140), (214, 100), (252, 84), (290, 128), (232, 150), (268, 170), (204, 176), (306, 160)):
        _leaf(k, x, y, (x * 7 + y) % 90 - 45, 26, 9, lite(green, 0.26))
    _pot(k)


def _green(k: Pen) -> str:
    """Apart from the pot's green, where the pot is green."""
    return {"#1F5F4A": "#6BA56C", "#7E9C70": "#2F6B4A"}.get(k.base, "#4E8A5B")


def _blossom(k: Pen) -> str:
    return "#D9694A" if k.ground == GROUNDS["butter"] else "#F0A93B"


def _leaf(k: Pen, x: float, y: float, angle: float, length: float, width: float, colour: str) -> None:
    """Two halves, the right one in the shade."""
    k.group(f"translate({x:g} {y:g}) rotate({angle:g})")
    for side, tone in ((-width, lite(colour, 0.14)), (width, dark(colour, 0.14))):
        k.path(f"M0 0 C{side:g} {-length * 0.35:g} {side * 0.8:g} {-length * 0.8:g} 0 {-length:g} Z", tone)
    k.end()


def _pot(k: Pen) -> None:
    pot = k.base
    k.oval(240, 288, 78, 14, "#5B4030")
    k.path("M158 286 H322 L304 384 Q300 396 286 396 H194 Q180 396 176 384Z", k.cel(pot))
    k.box(150, 272, 180, 30, 8, k.cel(lite(pot, 0.08)))
    k.box(150, 298, 180, 5, 2, dark(pot, 0.3), opacity=0.5)
