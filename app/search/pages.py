"""/search: from a handful of words to a page of products.

What the field on a category's page sends (`in`) is answered on that category's own page.
"""

from typing import Any

from litestar import Response, get
from litestar.response import Redirect

from app.activity.choices import is_off_here
from app.activity.noting import note
from app.activity.tables import Kind
from app.infra.outages import ask_nothing_while_away
from app.search import recent
from app.search.answering import Result
from app.search.arrivals import Arrivals
from app.search.asked import key_of, search_log
from app.search.cards import cards_of
from app.search.engine import engine
from app.search.inside import category_named, place_of, reaches
from app.search.listing import listing, whereabouts
from app.search.loosening import fewer_filters, fewer_words
from app.search.query import Query, address, read
from app.search.suggestion_pages import recent_rows
from app.web.cookies import is_robot, wants_no_record
from app.web.rendering import WebRequest, is_fragment, page

SHELF = 5


@get("/search")
async def show_search(request: WebRequest) -> Response[Any]:
    query = read(request.query_params)
    if inside := await category_named(request.query_params.get("in", "")):
        return Redirect(address(place_of(inside), query), status_code=303)
    if has_blanks(request) and not is_fragment(request):
        return Redirect(address("/search", query), status_code=303)
    return await answer(request, "search/page.html", "/search", query, recent=[] if query.q else recent_rows(request))


def has_blanks(request: WebRequest) -> bool:
    """Whether a form sent fields that say nothing: the address is then tidied, to be kept and shared."""
    return any(not value.strip() for _, value in request.query_params.multi_items())


async def answer(request: WebRequest, template: str, path: str, query: Query, **context: Any) -> Response[str]:
    """The page of a list, or with HTMX only the list, which puts its own tidy address into the address bar."""
    ask_nothing_while_away()
    values = await listing(request, path, query)
    query, result = values["query"], values["result"]
    category = query.category if path != "/search" else ""
    if query == Query(q=query.q, reading=query.reading, category=category) and query.q:
        _note(request, query, result)
    _, there = await whereabouts(request)
    if not result.total:
        values |= await _nothing(path, query, result, there)
    else:
        values["reaches"] = await reaches(path, query, result, there)
        values["shorter"] = [] if result.every_word else await fewer_words(result.understood.searched_for)
    title = _title(query, result)
    response = await page(
        request, template, fragment="search/_swap.html", **{"title": title, "heading": title, **values, **context}
    )
    if query.q and result.total and result.every_word:
        note(request, Kind.SEARCHED, query=key_of(query.q))
    if is_fragment(request):
        # what was chosen in the sheet of filters takes the place of the sheet: the way back leads to the list before it
        is_sheet = request.headers.get("hx-current-url", "").endswith("#filters")
        response.headers["hx-replace-url" if is_sheet else "hx-push-url"] = values["canonical"]
    return response


def _title(query: Query, result: Result) -> str:
    """Of a list without a category: the page of one brand or one seller says whose it is, if there is such a one."""
    if query.q:
        return f"“{query.q}”"
    if len(query.brands) == 1 and result.total:
        return query.brands[0]
    if len(query.suppliers) == 1 and result.total:
        return engine().known.suppliers.label(query.suppliers[0], query.suppliers[0])
    return "All products"


def _note(request: WebRequest, query: Query, result: Result) -> None:
    """Count a search, not what is done with its list, and let the browser keep it, if its shopper lets us.

    One inside a category is kept and not counted: what is not there may well be on sale.
    """
    if wants_no_record(request) or is_robot(request):
        return
    found = result.matched if query.category else result.total
    complete = found if result.every_word else 0
    if not query.category:
        search_log().heard(query.q, complete, recent.failed_before(request))
    if not is_off_here(request):
        recent.remember(request, query.q, complete)


async def _nothing(path: str, query: Query, result: Result, there: Arrivals | None) -> dict[str, Any]:
    """Ways on from an empty list, each of which leads to something."""
    category = query.category if path != "/search" else ""
    near = Query(q=query.q, category=category, reading=query.reading, size=SHELF)
    close = await engine().search(near, there)
    anywhere = near.but(category="" if query.q else category)
    shown = close if close.total else await engine().search(anywhere, there)
    newest = await engine().search(Query(sort="newest", size=SHELF), there)
    return {
        "reaches": await (reaches(path, query, result, there) if close.total else reaches(path, near, close, there)),
        "shorter": await fewer_words(result.understood.searched_for),
        "unfiltered": await fewer_filters(path, query, there),
        "without": close.total,  # products, without any filter
        "close": cards_of(shown.documents, there),
        "close_total": shown.total,
        "close_href": address(path, near) if close.total else address("/search", anywhere),
        "newest": cards_of(newest.documents, there),
        "is_empty": not engine().snapshot.total,
    }


handlers = [show_search]
