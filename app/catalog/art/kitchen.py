"""Mugs, kettles, pans, bottles and jars. Everything stands on y = 394 around x = 240."""

from app.catalog.art.palette import COFFEE, STEEL, WOOD, dark, lite
from app.catalog.art.pen import Pen

LABEL, GLASS = "#F7EEDB", "#CBDAD4"


def mug(k: Pen) -> None:
    b = k.base
    k.shadow(240, 394, 104)
    k.path("M318 222 C412 214 412 344 316 340", stroke=dark(b, 0.2), width=25)
    k.path("M316 219 C404 212 404 338 314 334", stroke=b, width=19)
    k.path("M144 184 L152 372 Q156 398 240 398 T328 372 L336 184Z", k.cel(b))
    k.path("M147.5 262 Q240 284 332.5 262 L330 318 Q240 340 150 318Z", k.cel(k.second))
    k.oval(240, 184, 96, 21, lite(b, 0.35))
    k.oval(240, 188, 83, 15, COFFEE)
    _steam(k, 130)


def cup_and_saucer(k: Pen) -> None:
    b, s = k.base, k.second
    k.shadow(240, 384, 138)
    k.oval(240, 376, 142, 22, dark(s, 0.2))
    k.oval(240, 370, 142, 22, k.cel(s, 0.1, 0.7))
    k.path("M334 274 C398 262 396 346 308 336", stroke=dark(b, 0.16), width=17)
    k.path("M146 246 C148 330 186 370 240 370 S332 330 334 246Z", k.cel(b))
    k.path("M148 272 Q240 296 332 272 L329 290 Q240 314 151 290Z", s, opacity=0.9)
    k.oval(240, 246, 94, 20, lite(b, 0.35))
    k.oval(240, 249, 82, 14, COFFEE)
    _steam(k, 190)


def pair_of_mugs(k: Pen) -> None:
    b, s = k.base, k.second
    k.shadow(250, 394, 150)
    for x, upper, lower, scale in ((292, s, b, 0.92), (178, b, s, 1)):
        k.group(f"translate({x} 394) scale({scale}) translate(0 -394)")
        k.path("M-66 232 L-54 386 Q0 402 54 386 L66 232Z", k.cel(upper))
        k.path("M-60 310 L-54 386 Q0 402 54 386 L60 310 Q0 330 -60 310Z", k.cel(lower))
        k.oval(0, 232, 66, 16, lite(upper, 0.35))
        k.oval(0, 235, 57, 11, COFFEE)
        k.end()
    _steam(k, 178)


def _steam(k: Pen, top: int) -> None:
    for x, drop in ((214, 0), (254, 14)):
        k.path(f"M{x} {top + drop} q-16 -18 0 -36 t0 -36", stroke="#FFFDF6", width=7, opacity=0.65)


def gooseneck_kettle(k: Pen) -> None:
    b = k.base
    k.shadow(250, 394, 128)
    k.path("M172 346 C96 340 132 218 78 206", stroke=dark(b, 0.26), width=19)
    k.path("M172 342 C100 336 136 216 80 202", stroke=b, width=13)
    k.path("M316 240 C420 226 410 366 352 372", stroke=k.second, width=19)
    _kettle_body(k)


def whistling_kettle(k: Pen) -> None:
    k.shadow(250, 394, 128)
    k.path("M168 292 L92 234 L112 220 L186 258Z", k.cel(dark(k.base, 0.1)))
    k.path("M164 226 C164 108 316 108 316 226", stroke=STEEL, width=9)
    k.path("M192 152 Q240 112 288 152", stroke=k.second, width=22)
    _kettle_body(k)


def _kettle_body(k: Pen) -> None:
    b, s = k.base, k.second
    k.path(
        "M160 244 Q166 222 192 216 H288 Q314 222 320 244 L350 372 Q352 396 326 396 H154 Q128 396 130 372Z",
        k.cel(b, 0.12, 0.68),
    )
    k.path("M136 348 Q240 366 344 348 L348 366 Q240 384 132 366Z", s, opacity=0.9)
    k.path("M178 220 Q184 192 240 192 T302 220Z", k.cel(lite(b, 0.1), 0.14, 0.68))
    k.box(228, 168, 24, 28, 10, k.cel(s))


def saute_pan(k: Pen) -> None:
    k.shadow(226, 394, 150)
    k.box(356, 268, 118, 24, 12, k.cel(WOOD, 0.1, 0.7))
    _vessel(k)
    k.oval(230, 246, 128, 9, dark(k.base, 0.4))


def casserole(k: Pen) -> None:
    b = k.base
    k.shadow(226, 394, 150)
    ears = "M96 276 H70 q-16 0 -16 16 t16 16 H96 M364 276 h26 q16 0 16 16 t-16 16 h-26"
    k.path(ears, stroke=dark(b, 0.24), width=16)
    _vessel(k)
    k.path("M100 240 Q112 186 230 186 T360 240Z", k.cel(b, 0.14, 0.7))
    k.box(212, 160, 36, 32, 12, k.cel(k.second))


def _vessel(k: Pen) -> None:
    b = k.base
    k.path("M90 250 H370 V352 Q370 394 328 394 H132 Q90 394 90 352Z", k.cel(b, 0.09, 0.74))
    k.box(84, 240, 292, 26, 13, k.cel(lite(b, 0.1), 0.09, 0.74))
    k.path("M94 340 Q230 356 366 340 L364 354 Q230 370 95 354Z", k.second, opacity=0.85)


def bottle(k: Pen) -> None:
    b, s = k.base, k.second
    k.shadow(240, 394, 64)
    k.path("M214 92 C214 54 266 54 266 92", stroke=dark(s, 0.1), width=11)
    k.box(204, 90, 72, 44, 10, k.cel(s))
    k.box(212, 132, 56, 16, 3, STEEL)
    k.path(
        "M190 196 Q190 148 222 146 H258 Q290 148 290 196 V366 Q290 396 262 396 H218 Q190 396 190 366Z",
        k.cel(b, 0.16, 0.64),
    )
    k.box(190, 300, 100, 34, 0, k.cel(s, 0.16, 0.64))
    k.oval(240, 238, 16, 16, s)


def jar(k: Pen) -> None:
    b = k.base
    k.shadow(240, 394, 92)
    k.path(
        "M144 200 Q144 170 174 162 H306 Q336 170 336 200 V362 Q336 396 302 396 H178 Q144 396 144 362Z", lite(GLASS, 0.3)
    )
    k.path(
        "M156 246 Q198 232 240 246 T324 246 V360 Q324 384 300 384 H180 Q156 384 156 360Z", k.cel(k.second, 0.12, 0.74)
    )
    k.path("M160 196 V350", stroke="#FFFDF6", width=9, opacity=0.75)
    k.path("M314 184 Q326 190 326 204 V354", stroke=dark(GLASS, 0.18), width=6, opacity=0.6)
    k.box(164, 112, 152, 50, 14, k.cel(b))
    k.box(164, 148, 152, 8, 4, dark(b, 0.25))
    k.box(192, 286, 96, 62, 4, LABEL)
    k.path("M208 308 h64 M208 326 h38", stroke=dark(k.second, 0.3), width=5)
