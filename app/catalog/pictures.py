"""The pictures that we draw ourselves."""

from functools import lru_cache

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.catalog.art.addresses import picture
from app.web.assets import FOR_EVER

KEPT = 2_000
LONGEST_NAME = 80

_drawn = lru_cache(maxsize=KEPT)(picture)


@get("/art/{file:str}", sync_to_thread=False)
def show_picture(file: FromPath[str]) -> Response[str]:
    """The same name is the same picture for ever."""
    name, dot, kind = file.rpartition(".")
    svg = _drawn(name) if dot and kind == "svg" and len(name) <= LONGEST_NAME else None
    if svg is None:
        raise NotFoundException
    return Response(svg, media_type="image/svg+xml", headers={"cache-control": FOR_EVER})


handlers = [show_picture]
