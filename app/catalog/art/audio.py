"""Headphones and speakers. Everything stands on y = 394 around x = 240."""

from app.catalog.art.palette import GLOW, PAPER, STEEL, WOOD, WOOD_DARK, dark, lite
from app.catalog.art.pen import Pen


def headphones(k: Pen) -> None:
    b, s = k.base, k.second
    k.shadow(240, 394, 140)
    k.path("M132 290 C120 60 360 60 348 290", stroke=dark(b, 0.24), width=26)
    k.path("M128 290 C116 54 356 54 344 290", stroke=b, width=20)
    k.path("M172 140 Q240 84 306 140", stroke=s, width=12)
    for x, lean in ((132, -5), (348, 5)):
        left = x < 240
        k.group(f"rotate({lean} {x} 320)")
        k.box(x + 12 if left else x - 48, 262, 38, 122, 19, dark(s, 0.25))
        k.box(x - 44 if left else x - 18, 252, 62, 142, 31, k.cel(b, 0.16, 0.7))
        k.box(x - 30 if left else x - 4, 290, 34, 66, 17, k.cel(s, 0.14, 0.72))
        k.box(x - 6, 226, 12, 40, 6, STEEL)
        k.end()


def earbuds(k: Pen) -> None:
    b, s = k.base, k.second
    k.shadow(240, 394, 112)
    k.box(128, 158, 224, 130, 46, k.cel(lite(b, 0.08), 0.08, 0.8))  # the open lid
    k.box(146, 190, 188, 92, 24, dark(b, 0.34))
    for x, side in ((200, 1), (280, -1)):
        k.group(f"translate({x} 0) scale({side} 1)")
        k.path("M-12 236 L-6 316 H10 L14 236Z", k.cel(s))
        k.oval(2, 228, 28, 26, k.cel(s))
        k.oval(16, 226, 9, 13, dark(s, 0.4))
        k.end()
    k.path("M120 282 H360 V352 Q360 394 316 394 H164 Q120 394 120 352Z", k.cel(b, 0.08, 0.8))
    k.box(120, 278, 240, 12, 5, dark(b, 0.3))
    k.oval(240, 340, 7, 7, GLOW)


def bookshelf_speaker(k: Pen) -> None:
    b, s = k.base, k.second
    k.shadow(246, 394, 110)
    k.box(142, 102, 196, 292, 18, k.cel(WOOD if b != WOOD else "#8A5A37", 0.06, 0.84))
    k.box(158, 118, 164, 260, 12, k.cel(b, 0.05, 0.86))
    k.oval(240, 296, 66, 66, dark(b, 0.35))
    k.oval(238, 294, 56, 56, dark(b, 0.18))
    k.oval(236, 292, 24, 24, s)
    k.oval(240, 174, 32, 32, dark(b, 0.35))
    k.oval(238, 172, 20, 20, s)
    k.oval(300, 136, 5, 5, GLOW)


def round_speaker(k: Pen) -> None:
    b, s = k.base, k.second
    k.shadow(240, 394, 116)
    k.path("M186 196 C186 92 294 92 294 196", stroke=WOOD_DARK, width=15)
    k.path(
        "M130 214 Q130 184 160 184 H320 Q350 184 350 214 V362 Q350 394 318 394 H162 Q130 394 130 362Z",
        k.cel(b, 0.1, 0.76),
    )
    k.path("M130 226 H350 V350 H130Z", k.cel(dark(b, 0.2), 0.1, 0.76))
    for row in range(6):
        k.path(f"M146 {242 + row * 19} H336", stroke=dark(b, 0.42), width=7, dash="1 15")
    k.oval(240, 184, 80, 14, lite(b, 0.16))
    k.path("M218 184 h44 M240 178 v12", stroke=PAPER, width=5)
    k.box(212, 362, 56, 14, 7, s)
