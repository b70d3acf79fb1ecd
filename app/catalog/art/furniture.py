"""Chairs, clocks and what lies folded on them. Everything stands on y = 394 around x = 240."""

from app.catalog.art.palette import CHALK, CREAM, PAPER, STEEL, WOOD, WOOD_DARK, dark, lite
from app.catalog.art.pen import Pen


def dining_chair(k: Pen) -> None:
    b, wood = k.base, _legs(k)
    k.shadow(240, 396, 112)
    k.path("M186 286 L180 378 H190 L200 286Z M294 286 L300 378 H290 L280 286Z", dark(wood, 0.34))
    k.path("M172 280 L156 112 Q163 102 172 110 L190 280Z", k.cel(wood))
    k.path("M308 280 L324 112 Q317 102 308 110 L290 280Z", k.cel(wood, 0.1, 0.5))
    k.path("M158 116 Q240 140 322 116 L318 172 Q240 196 162 172Z", k.cel(b, 0.1, 0.74))
    k.path("M168 214 Q240 232 312 214 L310 232 Q240 250 170 232Z", k.cel(wood))
    k.path("M160 292 L142 396 H158 L182 292Z", k.cel(wood))
    k.path("M320 292 L338 396 H322 L298 292Z", k.cel(wood, 0.1, 0.5))
    k.path("M166 262 H314 Q326 264 334 284 Q338 300 322 302 H158 Q142 300 146 284 Q154 264 166 262Z", dark(wood, 0.12))
    k.path(
        "M168 252 H312 Q326 254 332 276 Q334 288 320 288 H160 Q146 288 148 276 Q154 254 168 252Z", k.cel(b, 0.1, 0.74)
    )


def armchair(k: Pen) -> None:
    b, wood = k.base, _legs(k)
    k.shadow(240, 396, 140)
    for x, lean in ((140, -8), (340, 8)):
        k.path(f"M{x - 7} 348 L{x + 7} 348 L{x + lean + 4} 396 L{x + lean - 4} 396Z", k.cel(wood))
    k.path("M128 300 C112 150 150 112 240 112 S368 150 352 300Z", k.cel(b, 0.1, 0.72))
    k.path("M160 262 C156 170 180 146 240 146 S324 170 320 262Z", dark(b, 0.12))
    k.box(136, 256, 208, 66, 26, k.cel(lite(b, 0.12)))
    k.path("M96 262 Q96 232 126 232 T158 262 L162 352 H118 Q98 350 96 322Z", k.cel(b, 0.2))
    k.path("M384 262 Q384 232 354 232 T322 262 L318 352 H362 Q382 350 384 322Z", k.cel(b, 0.1, 0.5))
    k.box(150, 316, 180, 38, 10, dark(b, 0.16))
    k.group("rotate(-9 214 236)")
    k.box(176, 190, 78, 76, 14, k.cel(k.second, 0.12, 0.8, 0.12))
    k.end()


def stool(k: Pen) -> None:
    b, wood = k.base, _legs(k)
    k.shadow(240, 394, 98)
    k.path("M212 196 L190 384 L201 384 L228 196Z", dark(wood, 0.25))
    k.path("M268 196 L290 384 L279 384 L252 196Z", dark(wood, 0.3))
    k.box(178, 344, 124, 9, 4, dark(wood, 0.2))
    k.path("M174 196 L134 394 L149 394 L198 196Z", k.cel(wood))
    k.path("M306 196 L346 394 L331 394 L282 196Z", k.cel(wood, 0.1, 0.5))
    k.box(154, 306, 172, 11, 5, k.cel(dark(wood, 0.1)))
    k.oval(240, 194, 100, 24, dark(b, 0.25))
    k.oval(240, 180, 102, 26, k.cel(b, 0.12, 0.7))
    k.oval(232, 175, 70, 14, lite(b, 0.2), opacity=0.6)


def _legs(k: Pen) -> str:
    """Wood that does not melt into a wooden seat."""
    return WOOD if k.base != WOOD else WOOD_DARK


def alarm_clock(k: Pen) -> None:
    _clock_feet(k)
    k.path("M118 168 A52 52 0 0 1 206 122Z", k.cel(k.second))
    k.path("M362 168 A52 52 0 0 0 274 122Z", k.cel(k.second))
    k.box(230, 92, 20, 32, 6, STEEL)
    _clock_face(k)


def desk_clock(k: Pen) -> None:
    _clock_feet(k)
    _clock_face(k)


def _clock_feet(k: Pen) -> None:
    k.shadow(240, 394, 100)
    k.path("M164 360 L146 392 M316 360 L334 392", stroke=dark(k.second, 0.1), width=18)


def _clock_face(k: Pen) -> None:
    b, hand = k.base, "#2B3234"
    k.oval(240, 252, 132, 132, k.cel(b if b != CHALK else dark(CHALK, 0.06), 0.08, 0.82))
    k.oval(240, 252, 104, 104, PAPER)
    k.path("M240 148 A104 104 0 0 0 136 252 L148 252 A92 92 0 0 1 240 160Z", dark(PAPER, 0.1))
    for hour in range(12):
        k.group(f"rotate({hour * 30} 240 252)")
        k.box(237, 164, 6, 20 if hour % 3 == 0 else 11, 3, dark(b, 0.2) if b != CHALK else "#3B4143")
        k.end()
    for angle, top, width, length in ((-58, 192, 10, 66), (48, 172, 8, 86)):
        k.group(f"rotate({angle} 240 252)")
        k.box(240 - width / 2, top, width, length, width / 2, hand)
        k.end()
    k.oval(240, 252, 10, 10, k.second if k.second != CREAM else b)


def throws(k: Pen) -> None:
    k.shadow(246, 396, 158)
    top = 396
    for layer, height in enumerate((54, 50, 46)):
        top -= height
        x, width = 96 + layer * 8, 288 - layer * 14
        _fringe(k, k.base, x, top, width, height)
        _fold(k, k.base, x, top, width, height)
        for dx in (60, 84, 176, 200):
            k.path(f"M{x + dx} {top + 6} v{height - 14}", stroke=k.second, width=10, opacity=0.9)
    k.box(188, top - 2, 84, 156, 3, "#F7EEDB")  # the paper band that says who wove it
    k.path(f"M204 {top + 52} h52 M204 {top + 68} h34", stroke=WOOD_DARK, width=5)
    k.path(f"M230 {top + 24} m-13 0 a13 13 0 0 1 26 0Z", WOOD_DARK)


def stack_of_towels(k: Pen) -> None:
    k.shadow(246, 396, 158)
    top = 396
    for layer, (height, colour) in enumerate(((54, k.base), (50, k.second), (46, lite(k.base, 0.3)), (40, k.base))):
        top -= height
        x, width = 96 + layer * 8, 288 - layer * 14
        _fold(k, colour, x, top, width, height)
        k.path(f"M{x + 46} {top + 5} v{height - 12}", stroke=lite(colour, 0.45), width=5, opacity=0.8)


def _fringe(k: Pen, colour: str, x: int, top: int, width: int, height: int) -> None:
    for i in range(7):
        y = top + 8 + i * (height - 16) / 6
        k.path(f"M{x + width - 4} {y:g} q10 3 16 1", stroke=lite(colour, 0.35), width=4)


def _fold(k: Pen, colour: str, x: int, top: int, width: int, height: int) -> None:
    half = f"{height / 2:g}"
    k.path(
        f"M{x + 22} {top} H{x + width} q8 {half} 0 {height - 2} H{x + 22} q-30 -{half} 0 -{height - 2}Z",
        k.cel(colour, 0.07, 0.78),
    )
    k.path(f"M{x + 20} {top + height / 2:g} H{x + width + 2}", stroke=dark(colour, 0.26), width=3)
