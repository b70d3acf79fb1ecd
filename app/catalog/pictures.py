"""The pictures that we draw ourselves, and those of suppliers."""

from functools import lru_cache

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.catalog import picture_files
from app.catalog.art.addresses import picture
from app.catalog.picture_sizes import WIDTHS
from app.web.assets import FOR_EVER
from app.web.rendering import WebRequest

KEPT = 2_000
LONGEST_NAME = 80
FETCHED = "public, max-age=2592000, immutable"  # the month after which we ask the supplier's server again
STANDS_IN = "public, max-age=60"

_drawn = lru_cache(maxsize=KEPT)(picture)
_widths = {str(width): width for width in WIDTHS} | {"": max(WIDTHS)}


@get("/art/{file:str}", sync_to_thread=False)
def show_picture(file: FromPath[str]) -> Response[str]:
    """The same name is the same picture for ever."""
    name, dot, kind = file.rpartition(".")
    svg = _drawn(name) if dot and kind == "svg" and len(name) <= LONGEST_NAME else None
    if svg is None:
        raise NotFoundException
    return Response(svg, media_type="image/svg+xml", headers={"cache-control": FOR_EVER})


@get("/pictures/{key:str}/{name:str}", sync_to_thread=True, opt={"no_compression": True})
def show_suppliers_picture(request: WebRequest, key: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """A supplier's picture at width `w`, or what we drew while it is not there. Both fill the same square."""
    width = _widths.get(request.query_params.get("w", ""))
    svg = _drawn(name) if len(name) <= LONGEST_NAME else None
    if width is None or svg is None or not picture_files.is_key(key):
        raise NotFoundException
    kind = "avif" if "image/avif" in request.headers.get("accept", "") else "webp"
    stored = picture_files.read(key, width, kind)
    if stored is None:
        headers = {"cache-control": STANDS_IN, "vary": "accept"}
        return Response(svg.encode(), media_type="image/svg+xml", headers=headers)
    headers = {"cache-control": FETCHED, "vary": "accept", "etag": stored.etag}
    if request.headers.get("if-none-match") == stored.etag:
        return Response(b"", status_code=304, media_type=stored.media_type, headers=headers)
    return Response(stored.body, media_type=stored.media_type, headers=headers)


handlers = [show_picture, show_suppliers_picture]
