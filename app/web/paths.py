"""Addresses inside the shop."""

import re
from urllib.parse import quote

from litestar import Request

_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


def local_path(wanted: str | None, default: str = "/") -> str:
    """`wanted` if it is a path of this shop, else `default`: no redirect leads to another site."""
    return wanted if wanted and len(wanted) <= 2000 and _LOCAL.fullmatch(wanted) else default


def path_of(request: Request) -> str:
    """Path and query of the request, as a link. From the scope: `request.url` fails for a Host header that is none."""
    query = request.scope["query_string"].decode("latin-1")
    return quote(request.scope["path"]) + (f"?{query}" if query else "")
