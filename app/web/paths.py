"""Addresses inside the shop."""

import re
from typing import Any
from urllib.parse import quote

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException
from litestar.handlers import BaseRouteHandler

from app.web.forms import LARGEST

_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


def local_path(wanted: str | None, default: str = "/") -> str:
    """`wanted` if it is a path of this shop, else `default`: no redirect leads to another site."""
    return wanted if wanted and len(wanted) <= 2000 and _LOCAL.fullmatch(wanted) else default


def path_of(request: Request) -> str:
    """Path and query of the request, as a link. From the scope: `request.url` fails for a Host header that is none."""
    query = request.scope["query_string"].decode("latin-1")
    return quote(request.scope["path"]) + (f"?{query}" if query else "")


def refuse_impossible(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard of every handler: what stands in an address is the number or the text of a row.

    A handler that says itself what is wrong with a text has `judges_text` among its options.

    Raises:
        NotFoundException: there could be no such row, and PostgreSQL would not even look for it.
    """
    for value in connection.path_params.values():
        if isinstance(value, int):
            is_possible = 0 <= value <= LARGEST
        else:
            is_possible = "\0" not in value or handler.opt.get("judges_text", False)
        if not is_possible:
            raise NotFoundException
