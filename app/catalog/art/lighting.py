"""Lamps, and the lights of a bicycle. Everything stands on y = 394 around x = 240."""

from app.catalog.art.palette import GLOW, STEEL, dark, lite
from app.catalog.art.pen import Pen

BULB = "#FFF6DC"


def task_lamp(k: Pen) -> None:
    b, s = k.base, k.second
    k.path("M262 210 L214 394 Q330 414 446 394 L352 168Z", GLOW, opacity=0.38)
    k.shadow(176, 394, 78)
    k.path("M176 376 L128 246 L262 132", stroke=dark(b, 0.3), width=13)
    k.path("M172 376 L124 246 L258 132", stroke=b, width=9)
    k.oval(126, 246, 15, 15, k.cel(s))
    k.box(104, 376, 142, 20, 10, k.cel(b))
    k.box(150, 364, 50, 16, 8, k.cel(s))
    k.group("translate(266 136) rotate(-30)")
    k.box(-17, -42, 34, 30, 9, k.cel(s))
    k.oval(0, 66, 70, 17, GLOW)
    k.path("M-26 -16 Q0 -28 26 -16 L70 64 Q0 44 -70 64Z", k.cel(b, 0.2, 0.64))
    k.oval(0, 66, 20, 9, BULB)
    k.end()


def dome_lamp(k: Pen) -> None:
    b, s = k.base, k.second
    k.shadow(240, 394, 92)
    k.path("M118 236 Q240 520 362 236Z", GLOW, opacity=0.35)
    k.path("M206 392 L218 236 H262 L274 392 Q240 402 206 392Z", k.cel(s))
    k.oval(240, 240, 124, 20, GLOW)
    k.path("M112 238 C112 130 186 96 240 96 S368 130 368 238 Q240 262 112 238Z", k.cel(b, 0.2))
    k.oval(240, 92, 10, 8, dark(b))


def pendant(k: Pen) -> None:
    b, s = k.base, k.second
    k.box(237, 0, 6, 120, 0, dark(b, 0.4))
    k.path("M110 262 L20 394 Q240 440 460 394 L370 262Z", GLOW, opacity=0.32)
    k.oval(240, 262, 130, 22, GLOW)
    k.path("M222 112 H258 L266 140 C330 156 370 204 372 262 Q240 240 108 262 C110 204 150 156 214 140Z", k.cel(b, 0.22))
    k.box(226, 100, 28, 18, 5, k.cel(s))
    k.oval(240, 262, 26, 18, BULB)


def front_light(k: Pen) -> None:
    b, s = k.base, k.second
    k.path("M178 196 L0 96 V382 L178 302Z", GLOW, opacity=0.5)
    k.path("M178 214 L0 170 V322 L178 284Z", GLOW, opacity=0.6)
    k.box(110, 338, 370, 30, 15, dark(STEEL, 0.18))
    k.box(110, 338, 370, 12, 6, lite(STEEL, 0.3))
    k.box(236, 296, 54, 82, 14, k.cel(dark(b, 0.35)))
    k.box(246, 318, 34, 8, 4, s)
    _housing(k, 172)
    k.box(262, 182, 44, 18, 9, k.cel(s))
    k.path("M300 246 v34 M316 246 v34 M284 246 v34", stroke=dark(b, 0.45), width=5)
    _lens(k, BULB, "#FFE08A")


def rear_light(k: Pen) -> None:
    b, beam = k.base, "#F28C6A"
    k.path("M178 196 L0 96 V382 L178 302Z", beam, opacity=0.3)
    k.path("M178 214 L0 170 V322 L178 284Z", beam, opacity=0.35)
    k.path("M336 -10 L304 490", stroke=dark(STEEL, 0.2), width=30)  # the seat tube
    k.path("M330 -10 L298 490", stroke=lite(STEEL, 0.2), width=10)
    k.path("M278 250 H326", stroke=dark(b, 0.45), width=34)
    k.path("M336 226 l-4 48", stroke=k.second, width=9)
    _housing(k, 112)
    k.box(222, 182, 34, 16, 8, k.cel(k.second))
    _lens(k, "#D94B33", "#F6A48D")


def _housing(k: Pen, length: int) -> None:
    k.box(176, 192, length, 116, 30, dark(k.base, 0.28))
    k.box(176, 192, length, 74, 30, k.base)
    k.box(206, 204, length - 62 if length > 120 else 52, 12, 6, lite(k.base, 0.4))


def _lens(k: Pen, glass: str, core: str) -> None:
    k.oval(178, 250, 26, 62, dark(STEEL, 0.2))
    k.oval(172, 250, 22, 54, glass)
    k.oval(168, 250, 11, 32, core)
