"""/search/suggestions: what stands below the search field while somebody types; and forgetting one's searches."""

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from app.search import recent
from app.search.asked import search_log
from app.search.cards import cards_of
from app.search.engine import engine
from app.search.inside import category_named, place_of
from app.search.listing import whereabouts
from app.search.query import Query, address
from app.search.rows import Row
from app.search.suggesting import LONGEST, Suggestion, suggest
from app.web import forms
from app.web.paths import local_path
from app.web.rendering import WebRequest, bare


@get("/search/suggestions")
async def show_suggestions(request: WebRequest) -> Response[str]:
    """A fragment of its own: no page, no database. The text keeps its last blank, which says that a word is whole."""
    sent = request.query_params.get("q", "")[: LONGEST + 1]
    typed = forms.clean(sent) + (" " if sent.endswith(" ") else "")
    inside = await category_named(request.query_params.get("in", ""))
    if not typed.strip():
        return bare(
            "search/_suggestions.html", recent=recent_rows(request, inside), rows=[], cards=[], typed="", inside=""
        )
    found = engine()
    snapshot, wordlist, popular = found.snapshot, found.wordlists.current, search_log().popular
    suggestions = await found.run(lambda: suggest(snapshot, wordlist, popular, typed, inside))
    _, there = await whereabouts(request)
    return bare(
        "search/_suggestions.html",
        recent=[],
        rows=[_row(each, inside) for each in suggestions.rows],
        cards=cards_of(suggestions.products, there),
        typed=typed.strip(),
        inside=found.known.categories.label(inside, inside),
        anywhere=address("/search", Query(q=typed.strip())),
    )


def _row(each: Suggestion, inside: str) -> dict[str, Any]:
    """A search and a brand stay inside the category that is searched."""
    if each.category:
        href, note = f"/c/{each.category}", f"in {each.within}" if each.within and not inside else "Category"
    elif each.brand:
        href, note = address(place_of(inside), Query(brands=(each.brand,))), "Brand"
    else:
        href, note = address(place_of(inside), Query(q=each.text)), ""
    return {"kept": each.text[: each.kept], "rest": each.text[each.kept :], "href": href, "note": note}


def recent_rows(request: WebRequest, inside: str = "") -> list[Row]:
    place = place_of(inside)
    return [Row(query, address(place, Query(q=query)), value=query) for query in recent.recent(request).queries]


@post("/search/recent/removal", status_code=303)
async def remove_recent(request: WebRequest) -> Redirect:
    """Forget the search named, or all of them."""
    values = await forms.read(request)
    recent.forget(request, values.get("query", ""))
    return Redirect(local_path(values.get("next"), "/search"), status_code=303)


handlers = [show_suggestions, remove_recent]
