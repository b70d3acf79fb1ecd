"""The operators' first page about synonyms: the lists, and rules that the log of searches proposes."""

import asyncio
from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from app.admin.access import operator
from app.admin.synonym_pages import NAMES, PLACE, done
from app.search.engine import engine
from app.search.synonyms import current, editing, load, proposing
from app.search.synonyms.editing import NotSaved
from app.search.synonyms.keeping import thesaurus_size
from app.search.synonyms.trying import still_fail
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page


@get(PLACE)
async def show_synonyms(request: WebRequest) -> Response[str]:
    await operator(request)
    return await _proposals(request, {}, {})


@post(f"{PLACE}/proposals/addition", status_code=303)
async def send_addition(request: WebRequest) -> Response[Any]:
    viewer = await operator(request)
    values = await forms.read(request)
    language, query, meaning = (values.get(name, "") for name in ("language", "query", "meaning"))
    try:
        if language not in NAMES or not query:
            raise NotSaved("Choose a proposal and a language from the page", [])
        if not meaning:
            raise NotSaved(f"Say what “{query[:80]}” means", [])
        changed = await editing.add(language, viewer.id, query, meaning)
    except NotSaved as error:
        said = error.problems[0].reason.rstrip(".") if error.problems else str(error)
        return await _proposals(request, values, {"": said}, status=422)
    said = f"“{query}” also finds “{meaning}” now." if changed else "The list has that rule already."
    return await done(request, PLACE, said)


@post(f"{PLACE}/proposals/dismissal", status_code=303)
async def send_dismissal(request: WebRequest) -> Response[Any]:
    viewer = await operator(request)
    values = await forms.read(request)
    query = values.get("query", "")
    if not query:
        return await _proposals(request, values, {"": "Choose a proposal from the page"}, status=422)
    await proposing.dismiss(viewer.id, query, values.get("next_query", ""))
    flash(request, "good", f"“{query[:80]}” is proposed no more.")
    return Redirect(PLACE, status_code=303)


@post(f"{PLACE}/proposals/dismissal/removal", status_code=303)
async def remove_dismissal(request: WebRequest) -> Response[Any]:
    await operator(request)
    values = await forms.read(request)
    query = values.get("query", "")
    if not await proposing.propose_again(query, values.get("next_query", "")):
        return await _proposals(request, values, {"": "That is not dismissed. Choose one from the page"}, status=422)
    flash(request, "good", f"“{query[:80]}” is proposed again, as long as searches for it fail.")
    return Redirect(f"{PLACE}#dismissed", status_code=303)


async def _proposals(
    request: WebRequest, values: dict[str, str], errors: dict[str, str], *, status: int = 200
) -> Response[str]:
    lists = []
    for language, name in NAMES.items():
        stands = await editing.stands(language)
        size = await asyncio.to_thread(thesaurus_size, language)
        lists.append((language, name, stands, len(load({language: stands.text})[0]), size))
    followed = await proposing.followed(current())
    alone = await proposing.failed()
    failing = await still_fail(engine(), [each.query for each in alone])
    known = {each.query for each in followed}
    wordlist = engine().wordlists.current
    return await page(
        request,
        "admin/synonyms.html",
        status=status,
        lists=lists,
        followed=followed,
        failed=[
            (each, proposing.nearest(each.query, wordlist.near, wordlist.shown))
            for each in alone
            if each.query in failing - known
        ],
        dismissed=await proposing.dismissed(),
        names=NAMES,
        values=values,
        errors=errors,
    )


handlers = [show_synonyms, send_addition, send_dismissal, remove_dismissal]
