"""Static files: read once, compressed once, and named by their content so that browsers keep them for ever."""

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from gzip import compress
from pathlib import Path

import brotli
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.infra.root import ROOT

STATIC = ROOT / "static"
SERVED = {".css", ".js", ".svg", ".png", ".ico", ".txt", ".webmanifest"}
_COMMENT = re.compile(
    rb"/\*.*?\*/\s*", re.DOTALL
)  # of a stylesheet, which has none in its strings: for us, not for phones
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    name: str  # with the hash: "feira.1a2b3c4d.css"
    media_type: str
    plain: bytes
    gzip: bytes
    brotli: bytes


@cache
def assets() -> dict[str, Asset]:
    """File name below static/ (such as "vendor/htmx.min.js") -> asset."""
    found = (path for path in STATIC.rglob("*") if path.is_file() and path.suffix in SERVED)
    return {str(path.relative_to(STATIC)): _load(path) for path in sorted(found)}


def _load(path: Path) -> Asset:
    body = path.read_bytes()
    if path.suffix == ".css":
        body = _COMMENT.sub(b"", body)
    digest = hashlib.sha256(body).hexdigest()[:10]
    name = str(path.relative_to(STATIC).with_suffix(f".{digest}{path.suffix}"))
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(name, media_type, body, compress(body, 9, mtime=0), brotli.compress(body, quality=11))


@cache
def _by_hashed_name() -> dict[str, Asset]:
    return {asset.name: asset for asset in assets().values()}


def static(name: str) -> str:
    """The address of a static file; KeyError if there is no such file."""
    return f"/static/{assets()[name].name}"


@get("/static/{name:path}", sync_to_thread=False, opt={"no_compression": True})
def serve_asset(request: Request, name: FromPath[str]) -> Response[bytes]:
    asset = _by_hashed_name().get(name.lstrip("/"))
    if asset is None:
        raise NotFoundException
    accepted = request.headers.get("accept-encoding", "")
    headers = {"cache-control": FOR_EVER, "vary": "accept-encoding"}
    body = asset.plain
    if "br" in accepted:
        body, headers["content-encoding"] = asset.brotli, "br"
    elif "gzip" in accepted:
        body, headers["content-encoding"] = asset.gzip, "gzip"
    return Response(body, media_type=asset.media_type, headers=headers)
