"""Pages of words, and what machines read: robots.txt and the site map."""

import asyncio
from collections.abc import Iterator
from itertools import islice
from typing import Any
from xml.sax.saxutils import escape

from litestar import Response, get
from litestar.enums import MediaType
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Stream

from app.catalog.navigation import categories
from app.delivery.estimate import delivery_map
from app.infra.kept import Kept
from app.infra.outages import DatabaseUnavailable
from app.infra.settings import settings
from app.search.engine import engine
from app.search.snapshot import Snapshot
from app.web.rendering import WebRequest, page
from app.wishlists.contents import public_tokens

HELP = frozenset({"returns", "reviews", "promise", "late", "feeds"})
# One site map may list 50,000 addresses; further products are found through their categories.
MOST_IN_SITEMAP = 50_000
MOST_LISTS_IN_SITEMAP = 5_000  # wishlists that their owners have made public
PRODUCTS_SECONDS = 600.0  # that a new product may wait until it is listed
AT_ONCE = 500

ROBOTS = """User-agent: *
Disallow: /search
Disallow: /cart
Disallow: /checkout
Disallow: /orders
Disallow: /account
Disallow: /supplier
Disallow: /admin
Disallow: /delivery
Disallow: /reviews
Disallow: /shelves

Sitemap: {root}/sitemap.xml
"""


@get("/help")
async def show_help(request: WebRequest) -> Response[str]:
    return await page(request, "pages/help.html")


@get("/help/{name:str}")
async def show_help_page(request: WebRequest, name: FromPath[str]) -> Response[Any]:
    if name == "selling":
        return Redirect("/sell", status_code=301)
    if name not in HELP:
        raise NotFoundException
    return await page(request, f"pages/{name}.html", warehouses=await _warehouses())


async def _warehouses() -> tuple[str, ...]:
    """Their codes, by which suppliers name them; none while they cannot be known."""
    try:
        return (await delivery_map()).warehouses()
    except DatabaseUnavailable:
        return ()


@get("/about")
async def show_about(request: WebRequest) -> Response[str]:
    return await page(request, "pages/about.html")


@get("/robots.txt", media_type=MediaType.TEXT, sync_to_thread=False)
def robots() -> str:
    return ROBOTS.format(root=settings().public_url)


@get("/.well-known/gpc.json", sync_to_thread=False)
def global_privacy_control() -> dict[str, object]:
    """Tells browsers, in the form that they ask for, that Global Privacy Control is honoured (`activity/noting.py`)."""
    return {"gpc": True, "lastUpdate": "2026-11-28"}


@get("/sitemap.xml", opt={"no_compression": True})
async def sitemap() -> Stream:
    lists = [f"/w/{token}" for token in await public_tokens(MOST_LISTS_IN_SITEMAP)]
    paths = ["/", "/help", "/about", "/sell", *(f"/c/{category.path}" for category in await categories()), *lists]
    return Stream(_sitemap([*paths, *await _products.get()][:MOST_IN_SITEMAP]), media_type="application/xml")


def _sitemap(paths: list[str]) -> Iterator[str]:
    root = settings().public_url
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    for begin in range(0, len(paths), AT_ONCE):
        some = paths[begin : begin + AT_ONCE]
        yield "".join(f"<url><loc>{escape(root + path)}</loc></url>\n" for path in some)
    yield "</urlset>\n"


async def _load_products() -> list[str]:
    return await asyncio.to_thread(_product_paths, engine().snapshot)


def _product_paths(snapshot: Snapshot) -> list[str]:
    return [f"/p/{each.slug}" for each in islice(snapshot.documents(), MOST_IN_SITEMAP)]


# To decode them takes seconds, and any stranger may ask for them again and again.
_products = Kept(_load_products, PRODUCTS_SECONDS)


def forget() -> None:
    """Empty what this process keeps (for tests)."""
    _products.forget()


handlers = [show_help, show_help_page, show_about, robots, global_privacy_control, sitemap]
