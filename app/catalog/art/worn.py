"""Shoes and bags. Everything stands on y = 394 around x = 240."""

from app.catalog.art.palette import CHALK, CREAM, STEEL, dark, lite
from app.catalog.art.pen import Pen

LACE = "#FFFBF0"
LOW_UPPER = "M100 354 C94 318 100 286 106 250 Q118 234 136 244 Q166 262 196 250 L210 226 Q228 216 240 232 L304 298"
HIGH_UPPER = "M100 354 C94 310 98 250 106 198 Q120 184 142 190 L206 198 L214 180 Q232 172 242 186 L304 298"


def striped_sneaker(k: Pen) -> None:
    _low_upper(k)
    for x in (178, 206, 234):
        k.path(f"M{x} 352 L{x + 32} 286 L{x + 46} 290 L{x + 18} 352Z", k.second)
    _low_laces_and_sole(k)


def waved_sneaker(k: Pen) -> None:
    _low_upper(k)
    _wave(k)
    _low_laces_and_sole(k)


def high_top(k: Pen) -> None:
    k.shadow(248, 392, 170, 14)
    k.path("M206 208 L222 160 Q240 154 252 172 L296 280Z", dark(k.second, 0.12))
    _upper(k, HIGH_UPPER, "M98 354 C93 310 98 250 106 198 L130 190 C134 250 128 310 140 354Z")
    _wave(k)
    _laces(k, ((214, 206), (226, 228), (238, 250), (252, 272), (266, 290)))
    _sole(k)


def _low_upper(k: Pen) -> None:
    k.shadow(248, 392, 170, 14)
    k.path("M196 256 L222 208 Q240 202 250 218 L300 290Z", dark(k.second, 0.12))
    _upper(k, LOW_UPPER, "M98 354 C94 318 100 286 106 250 Q114 238 128 241 C130 280 130 320 146 354Z")


def _upper(k: Pen, outline: str, heel: str) -> None:
    k.path(outline + " C342 312 400 312 404 354Z", k.cel(k.base, 0.06, 0.82))
    k.path("M322 354 C320 326 336 306 356 310 C388 316 404 332 404 354Z", k.cel(k.second, 0.1, 0.86))
    k.path(heel, dark(k.base, 0.22))


def _wave(k: Pen) -> None:
    k.path("M150 330 C190 340 226 318 262 286 L276 296 C240 336 196 356 156 346Z", k.second)


def _low_laces_and_sole(k: Pen) -> None:
    _laces(k, ((222, 232), (236, 252), (252, 272), (268, 290)))
    _sole(k)


def _laces(k: Pen, eyes: tuple[tuple[int, int], ...]) -> None:
    lace = LACE if k.base != CHALK else k.second
    for x, y in eyes:
        k.path(f"M{x - 8} {y + 18} L{x + 20} {y + 2}", stroke=lace, width=7)


def _sole(k: Pen) -> None:
    rubber = "#F7F1E4" if k.base != CHALK else "#D8B48C"
    k.path("M92 348 Q240 366 408 344 Q414 388 384 392 H116 Q92 392 92 348Z", k.cel(rubber, 0.05, 0.86, 0.12))
    tread = k.second if k.second != CREAM else k.base
    k.path("M94 372 Q240 384 408 370 Q404 391 384 392 H116 Q96 392 94 372Z", dark(tread, 0.05))


def daypack(k: Pen) -> None:
    b, s = k.base, k.second
    _pack_body(k)
    k.path(
        "M134 190 C136 130 176 108 240 108 S344 130 346 190 Q346 234 240 234 T134 190Z", k.cel(lite(b, 0.14), 0.08, 0.8)
    )
    k.box(228, 212, 24, 52, 5, k.cel(s))
    k.box(225, 238, 30, 16, 4, STEEL)
    _pack_pocket(k)


def roll_top(k: Pen) -> None:
    b = k.base
    _pack_body(k)
    k.box(138, 92, 204, 54, 20, k.cel(lite(b, 0.1), 0.08, 0.8))
    k.box(138, 136, 204, 8, 4, dark(b, 0.28))
    for x in (184, 282):
        k.box(x, 96, 16, 134, 3, k.cel(k.second))
        k.box(x - 5, 204, 26, 20, 4, STEEL)
    _pack_pocket(k)


def _pack_body(k: Pen) -> None:
    b = k.base
    k.shadow(240, 394, 126)
    k.path("M206 108 C206 66 274 66 274 108", stroke=dark(b, 0.34), width=13)
    k.path("M120 262 Q98 270 100 320 L108 372 H146V262Z M360 262 Q382 270 380 320 L372 372 H334V262Z", dark(b, 0.3))
    k.path(
        "M132 200 C132 118 178 98 240 98 S348 118 348 200 L356 360 Q358 394 326 394 H154 Q122 394 124 360Z",
        k.cel(b, 0.08, 0.8),
    )


def _pack_pocket(k: Pen) -> None:
    b, s = k.base, k.second
    k.box(160, 280, 160, 92, 18, k.cel(dark(b, 0.1), 0.08, 0.8))
    k.path("M172 302 H308", stroke=dark(b, 0.4), width=5)
    k.path("M296 302 v20", stroke=s, width=7)
    k.box(180, 326, 40, 24, 4, s)
