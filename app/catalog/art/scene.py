"""Puts a drawn thing into its room: wall, floor, and the window light from the upper left."""

from app.catalog.art.kinds import DRAWINGS
from app.catalog.art.palette import GROUNDS, PLAIN_GROUND, Ground, dark, lite
from app.catalog.art.pen import Pen

VIEWS = ("front", "close", "other", "size")

# Where a close look is worth it: low and wide things have their detail near the floor.
CLOSE = {
    "sneaker": "176 196 216 216",
    "blanket": "96 206 200 200",
    "pan": "190 176 224 224",
    "mug": "128 176 220 220",
    "kettle": "60 152 236 236",
    "bikelight": "120 150 210 210",
    "chair": "120 96 240 240",
    "toy": "84 160 230 230",
    "tram": "84 150 236 236",
    "blocks": "96 200 200 200",
}
CLOSE_ELSEWHERE = "96 76 250 250"


def sketch(kind: str, way: str, form: str | None = None, seed: str = "", uid: str = "") -> Pen:
    """The thing alone, without a room. Raises KeyError for an unknown kind, form or way."""
    forms = DRAWINGS[kind]
    form = next(iter(forms)) if form is None else form
    pen = Pen(f"{kind}/{way}/{form}/{seed}", way, uid)
    forms[form](pen)
    return pen


def draw(kind: str, way: str, form: str | None = None, view: str = "front", seed: str = "") -> str:
    """The picture as SVG text, 480 × 480; about 2 KB. Same arguments, same bytes.

    `form` None is the kind's first form. Raises KeyError for an unknown kind, way or form, ValueError for a view.
    """
    if view not in VIEWS:
        raise ValueError(f"no such view: {view}")
    pen = sketch(kind, way, form, seed)
    ground = _ground(pen.ground, view)
    thing = "".join(pen.shapes).replace(pen.shade, dark(ground.floor, 0.2))
    if view == "other":
        thing = f'<g transform="translate(480 0) scale(-1 1)">{thing}</g>'
    elif view == "size":
        thing = f'<g transform="translate(48 62) scale(.8)">{thing}</g>{_rulers()}'
    window = "" if view == "size" else _window(ground)
    box = CLOSE.get(kind, CLOSE_ELSEWHERE) if view == "close" else "0 0 480 480"
    # the wall goes on behind the floor: where both ended at part of a pixel, the page would show between them
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="480" height="480">'
        f'<defs>{"".join(pen.defs)}</defs><path d="M0 0h480v480H0z" fill="{ground.wall}"/>'
        f'<path d="M0 340h480v140H0z" fill="{ground.floor}"/>{window}{thing}</svg>\n'
    )


def _ground(own: Ground, view: str) -> Ground:
    if view == "size":
        return PLAIN_GROUND
    if view == "other":  # the same thing on the other side of the room
        return GROUNDS["stone" if own != GROUNDS["stone"] else "oat"]
    return own


def _window(ground: Ground) -> str:
    return (
        f'<path d="M40 0H214L110 340H0V132Z" fill="{lite(ground.wall, 0.34)}"/>'
        f'<path d="M110 340H0V480H60Z" fill="{lite(ground.floor, 0.26)}"/>'
    )


def _rulers() -> str:
    lines = "M34 96V376M26 96h16M26 376h16M106 428H376M106 420v16M376 420v16"
    return f'<path d="{lines}" stroke="#55605A" stroke-width="2.5" fill="none"/>'
