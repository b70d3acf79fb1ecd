"""Wooden toys. Everything stands on y = 394 around x = 240."""

from app.catalog.art.palette import PAPER, STEEL, WOOD, dark, lite
from app.catalog.art.pen import Pen


def tram(k: Pen) -> None:
    b = k.base
    k.shadow(240, 394, 168)
    k.path("M240 132 L270 84 L300 96", stroke=dark(STEEL, 0.3), width=6)
    k.box(108, 130, 264, 30, 14, k.cel(_plain(k)))
    k.box(92, 152, 296, 206, 24, k.cel(b, 0.05, 0.86))
    k.box(92, 266, 296, 40, 0, k.cel("#FBF1DB", 0.05, 0.86, 0.12))
    for x in (116, 184, 252, 320):
        k.box(x, 180, 50 if x < 320 else 44, 66, 8, "#CFE3E6")
        k.path(f"M{x + 8} 238 L{x + 34} 186", stroke="#F4FAF9", width=8, opacity=0.8)
    k.oval(112, 328, 12, 12, "#FFF0C2")
    k.box(80, 350, 320, 22, 8, k.cel(k.second))
    for x in (156, 324):
        _wheel(k, x, 30)


def truck(k: Pen) -> None:
    b, s = k.base, k.second
    k.shadow(244, 394, 160)
    k.box(186, 232, 206, 96, 8, k.cel(s, 0.06, 0.84))  # the bed, with its load of logs
    for x, y in ((222, 214), (272, 214), (322, 214), (247, 178), (297, 178)):
        k.oval(x, y, 24, 24, dark(WOOD, 0.3))
        k.oval(x - 2, y - 2, 19, 19, lite(WOOD, 0.16))
        k.oval(x - 2, y - 2, 9, 9, WOOD)
    k.path("M86 342 V262 Q86 250 96 244 L124 190 Q130 178 144 178 H192 V342Z", k.cel(b, 0.1, 0.8))
    k.path("M118 246 L138 204 Q142 196 152 196 H174 V246Z", "#CFE3E6")
    k.box(78, 322, 322, 26, 10, k.cel(_plain(k), 0.06, 0.84))
    k.oval(98, 290, 10, 10, "#FFF0C2")
    for x in (140, 282, 352):
        _wheel(k, x, 32)


def boat(k: Pen) -> None:
    b, s = k.base, k.second
    k.shadow(240, 394, 150)
    k.box(232, 96, 12, 220, 5, k.cel(dark(WOOD, 0.12)))
    k.path("M224 112 V286 H112 Q190 218 224 112Z", k.cel(PAPER, 0.1, 0.8, 0.12))
    k.path("M252 132 Q340 196 350 286 H252Z", k.cel(s, 0.1, 0.7))
    k.path("M244 88 L286 102 L244 116Z", b)
    k.path("M86 306 H394 Q384 380 326 394 H154 Q96 380 86 306Z", k.cel(b, 0.08, 0.8))
    k.box(82, 298, 316, 20, 10, k.cel(_plain(k), 0.06, 0.84))
    k.path("M104 348 Q240 366 376 348", stroke=lite(b, 0.5), width=8)


def blocks(k: Pen) -> None:
    b, s, plain = k.base, k.second, _plain(k)
    k.shadow(244, 394, 150)
    k.box(110, 310, 84, 84, 6, k.cel(b, 0.1, 0.78))
    k.box(200, 310, 84, 84, 6, k.cel(plain, 0.1, 0.78))
    k.path("M296 394 V352 Q296 310 338 310 T380 352 V394 H358 Q358 358 338 358 T318 394Z", k.cel(s, 0.1, 0.78))
    k.box(150, 222, 88, 84, 6, k.cel(s, 0.1, 0.78))
    k.oval(310, 266, 43, 43, k.cel(b, 0.16, 0.7))
    k.path("M194 126 L246 218 H142Z", k.cel(plain, 0.3, 0.56))
    k.oval(152, 352, 20, 20, lite(b, 0.6))
    k.path("M220 372 L242 332 L264 372Z", dark(plain, 0.24))


def _plain(k: Pen) -> str:
    """Unpainted wood, lighter where the paint is wood-coloured too."""
    return WOOD if k.base != WOOD else lite(WOOD, 0.45)


def _wheel(k: Pen, x: int, radius: int) -> None:
    k.oval(x, 368, radius, radius, dark(WOOD, 0.25))
    k.oval(x - 3, 366, radius - 4, radius - 4, WOOD)
    k.oval(x - 3, 366, 8, 8, dark(WOOD, 0.3))
