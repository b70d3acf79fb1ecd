"""One markup, two renderings: HTMX gets the fragment, everyone else the page around it."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response
from litestar.enums import MediaType

from app.infra import clock, money, outages
from app.infra.root import ROOT
from app.infra.settings import settings
from app.web.assets import static
from app.web.flashes import take_flashes
from app.web.paths import path_of

TEMPLATES = ROOT / "templates"

WHOLE_PAGE = "page"  # the id of <body>

WebRequest = Request[Any, Any, Any]
# Adds what every page shows of one slice: the name, the cart's count, the postcode's place.
ShellPart = Callable[[WebRequest], Awaitable[dict[str, Any]]]


def day(moment: date | datetime) -> str:
    """ "Thu 26 Nov"."""
    return f"{_local(moment):%a} {_local(moment).day} {_local(moment):%b}"


def longday(moment: date | datetime) -> str:
    """ "Thursday 26 November 2026"."""
    return f"{_local(moment):%A} {_local(moment).day} {_local(moment):%B %Y}"


def time_of(moment: datetime) -> str:
    return f"{_local(moment):%H:%M}"


def moment_of(moment: datetime) -> str:
    """ "Tue 17 Nov, 15:12"."""
    return f"{day(moment)}, {time_of(moment)}"


def _local(moment: date | datetime) -> date | datetime:
    return moment.astimezone(clock.shop_zone()) if isinstance(moment, datetime) else moment


@cache
def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.globals["static"] = static
    env.globals["prices_are_net"] = lambda: settings().prices_are_net
    env.filters.update(
        cents=money.cents,
        euro=money.euro,
        day=day,
        longday=longday,
        time_of=time_of,
        moment=moment_of,
        count=lambda number: f"{number:,}",
    )
    return env


async def shell(request: WebRequest) -> dict[str, Any]:
    """What the layout around every page needs."""
    context: dict[str, Any] = {
        "request_path": path_of(request),
        "viewer": None,
        "cart_count": 0,
        "on_lists": {},
        "place": None,
        "categories": [],
        "q": "",
        "here": "",
    }
    for part in request.app.state.shell:
        context.update(await part(request))
    context["is_database_away"] = outages.is_away()
    return context


def is_htmx(request: WebRequest) -> bool:
    """Whether HTMX asks, and not for history that it has lost."""
    return request.headers.get("hx-request") == "true" and "hx-history-restore-request" not in request.headers


def is_fragment(request: WebRequest) -> bool:
    """Whether HTMX asks for a part of a page, and not to fill the whole body."""
    return is_htmx(request) and request.headers.get("hx-target") != WHOLE_PAGE


async def page(
    request: WebRequest, template: str, *, fragment: str = "", status: int = 200, **context: Any
) -> Response[str]:
    """Render `template`, or `fragment` when HTMX asks and there is one. `context` may override the shell's values."""
    chosen = fragment if fragment and is_fragment(request) else template
    body = await render(request, chosen, **context)
    headers = {"vary": "HX-Request, HX-Target", "cache-control": "private, no-cache"}
    return Response(body, media_type=MediaType.HTML, status_code=status, headers=headers)


def bare(template: str, **context: Any) -> Response[str]:
    """A fragment that needs nothing of the layout, so no database; the browser may keep it for a moment, while what
    its cookies say of the shopper is the same."""
    body = environment().get_template(template).render(context)
    return Response(body, media_type=MediaType.HTML, headers={"cache-control": "private, max-age=20", "vary": "Cookie"})


async def render(request: WebRequest, template: str, **context: Any) -> str:
    values = {**await shell(request), **context}
    values["flashes"] = take_flashes(request)
    return environment().get_template(template).render(values)
