"""The shop plus a handler that returns a constant body: what every page is compared with, in the same process."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from litestar.types import ASGIApp

from app.main import create_app as create_shop


@get("/bench/constant/{size:int}", sync_to_thread=False, opt={"no_compression": True})
def constant(size: FromPath[int]) -> Response[bytes]:
    return Response(b"x" * size, media_type="text/html")


def create_app() -> ASGIApp:
    shop: Any = create_shop()
    shop.app.register(constant)
    return shop
