"""The addresses of the pictures: "/art/lamp-task-bottle-close.svg" is kind, form, way and view."""

from functools import cache
from typing import NamedTuple
from zlib import crc32

from app.catalog.art.kinds import KINDS
from app.catalog.art.palette import WAYS
from app.catalog.art.scene import VIEWS, draw
from app.catalog.art.stall import stall

_WAYS = tuple(WAYS)


class Picture(NamedTuple):
    kind: str
    form: str | None
    way: str
    view: str


@cache
def address(kind: str, form: str | None, way: str, view: str = "front") -> str:
    """Where a picture is served; no form means the kind's first. KeyError or ValueError for what we cannot draw."""
    form = form or KINDS[kind][0]
    if form not in KINDS[kind] or way not in WAYS or view not in VIEWS:
        raise ValueError(f"no such picture: {kind} {form} {way} {view}")
    return f"/art/{_name(Picture(kind, form, way, view))}.svg"


def parse(name: str) -> Picture | None:
    """The inverse of `address`, given the name without folder and ".svg"; None for anything we do not draw."""
    return _pictures().get(name)


def picture(name: str) -> str | None:
    """SVG text for a name such as "mug-terracotta" or "stall"; None for anything we do not draw."""
    if name == "stall":
        return stall()
    found = parse(name)
    return found and draw(found.kind, found.way, found.form, found.view)


def choose_way(key: str) -> str:
    """A colourway for a thing that names none: always the same one for the same key."""
    return _WAYS[crc32(key.encode()) % len(_WAYS)]


def _name(parts: Picture) -> str:
    view = None if parts.view == "front" else parts.view
    return "-".join(part for part in (parts.kind, parts.form, parts.way, view) if part)


@cache
def _pictures() -> dict[str, Picture]:
    """Every picture by name. A table, since names cannot be cut apart: "bottle" is a kind and a way."""
    every = (
        Picture(kind, form, way, view)
        for kind, forms in KINDS.items()
        for form in forms
        for way in WAYS
        for view in VIEWS
    )
    return {_name(each): each for each in every}
