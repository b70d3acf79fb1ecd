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


def refuse_impossible_numbers(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """A guard of every handler: the numbers in addresses are those of rows.

    Raises:
        NotFoundException: one is of no row that there could be, and PostgreSQL would not even look for it.
    """
    for value in connection.path_params.values():
        if isinstance(value, int) and not 0 <= value <= LARGEST:
            raise NotFoundException
