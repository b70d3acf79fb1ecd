"""The operators' pages about synonyms: a list for each language, with its history, and Feira's own thesaurus."""

import asyncio
from difflib import unified_diff
from typing import Any

from litestar import MediaType, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.admin.access import operator
from app.infra.logs import log
from app.search.engine import engine
from app.search.synonyms import editing, load, spreading
from app.search.synonyms.editing import LONGEST_TEXT, ChangedMeanwhile, NotSaved, Version
from app.search.synonyms.keeping import thesaurus, thesaurus_size
from app.search.synonyms.trying import tried
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

PLACE = "/admin/search/synonyms"
NAMES = {"en": "English", "pt": "Portuguese", "es": "Spanish"}
LIST_BYTES = 1024 * 1024  # of the form: letters with accents take six bytes there
SHOWN_PROBLEMS = 50
_HIGHEST = 2**31 - 1


@get(f"{PLACE}/{{language:str}}")
async def show_list(request: WebRequest, language: FromPath[str]) -> Response[str]:
    await operator(request)
    stands = await _stands(language)
    return await _list(request, language, stands, stands.text, stands.number)


@post(f"{PLACE}/{{language:str}}", status_code=303, request_max_body_size=LIST_BYTES)
async def send_list(request: WebRequest, language: FromPath[str]) -> Response[Any]:
    viewer = await operator(request)
    stands, values = await _stands(language), await forms.read(request)
    text, seen = editing.tidied(values.get("text", "")), _number(values.get("seen", ""))
    if "text" not in values:
        return await _list(request, language, stands, stands.text, seen, error=NO_LIST, status=422)
    try:
        changed = await editing.save(language, viewer.id, seen, text)
    except NotSaved as error:
        return await _list(request, language, stands, text, seen, error=str(error), status=422)
    except ChangedMeanwhile:
        stands = await _stands(language)
        return await _list(request, language, stands, text, stands.number, meanwhile=True, status=409)
    return await done(request, f"{PLACE}/{language}", SAVED if changed else UNCHANGED)


@post(f"{PLACE}/{{language:str}}/trial", status_code=200, request_max_body_size=LIST_BYTES)
async def send_trial(request: WebRequest, language: FromPath[str]) -> Response[str]:
    """What a query becomes by the list in the form. Nothing is saved."""
    await operator(request)
    stands, values = await _stands(language), await forms.read(request)
    text, seen = editing.tidied(values.get("text", stands.text)), _number(values.get("seen", ""))
    q = values.get("q", "")
    if len(text) > LONGEST_TEXT:
        return await _list(request, language, stands, text, seen, typed=q, error=TOO_LONG, status=422)
    trial = await tried(engine(), q, language, text) if q else None
    return await _list(request, language, stands, text, seen, typed=q, trial=trial)


@get(f"{PLACE}/{{language:str}}/thesaurus", media_type=MediaType.TEXT)
async def show_thesaurus(request: WebRequest, language: FromPath[str]) -> str:
    await operator(request)
    if language not in NAMES:
        raise NotFoundException
    return await asyncio.to_thread(thesaurus, language)


@get(f"{PLACE}/{{language:str}}/versions/{{number:int}}")
async def show_version(request: WebRequest, language: FromPath[str], number: FromPath[int]) -> Response[str]:
    await operator(request)
    stands = await _stands(language)
    found, before = await _version(language, number)
    changes = await asyncio.to_thread(_changes, before, found.text)
    return await page(
        request,
        "admin/synonym_version.html",
        language=language,
        name=NAMES[language],
        found=found,
        changes=changes,
        newest=stands.number,
    )


@post(f"{PLACE}/{{language:str}}/versions/{{number:int}}/restoration", status_code=303)
async def send_restoration(request: WebRequest, language: FromPath[str], number: FromPath[int]) -> Response[Any]:
    viewer = await operator(request)
    values = await forms.read(request)
    await _stands(language)
    found, _ = await _version(language, number)
    try:
        changed = await editing.save(language, viewer.id, _number(values.get("seen", "")), found.text)
    except ChangedMeanwhile:
        stands = await _stands(language)
        return await _list(request, language, stands, stands.text, stands.number, meanwhile=True, status=409)
    except NotSaved as error:  # it came from a file that somebody wrote by hand
        return await _list(request, language, await _stands(language), found.text, -1, error=str(error), status=422)
    return await done(request, f"{PLACE}/{language}", SAVED if changed else UNCHANGED)


SAVED = "Saved. Searches go by it within a few seconds."
UNCHANGED = "The list says that already. Nothing was changed."
NO_LIST = "Send the list with the form"
TOO_LONG = f"The list is longer than {LONGEST_TEXT:,} characters. Shorten it"


async def done(request: WebRequest, to: str, said: str) -> Response[Any]:
    """Take up what was saved, in this process at once."""
    try:
        await spreading.spread()
    except OSError as error:  # it is saved; the next turn tries again
        log("search").warning("synonyms not written", error=repr(error))
    flash(request, "good", said)
    return Redirect(to, status_code=303)


async def _stands(language: str) -> Version:
    try:
        return await editing.stands(language)
    except LookupError:
        raise NotFoundException from None


async def _version(language: str, number: int) -> tuple[Version, str]:
    try:
        return await editing.version(language, min(number, _HIGHEST))
    except LookupError:
        raise NotFoundException from None


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def _changes(before: str, after: str) -> list[tuple[str, str]]:
    """Lines that came ("+") or went ("-"), with one line around them (" "), and "@" where lines are left out."""
    lines = list(unified_diff(before.split("\n"), after.split("\n"), n=1, lineterm=""))[2:]
    return [(line[0], line[1:]) for line in lines]


async def _list(
    request: WebRequest,
    language: str,
    stands: Version,
    text: str,
    seen: int,
    *,
    typed: str = "",
    trial: Any = None,
    error: str = "",
    meanwhile: bool = False,
    status: int = 200,
) -> Response[str]:
    """The text may be one that was not saved; an invalid form keeps the mark it was read with."""
    _, problems = await asyncio.to_thread(load, {language: text[: LONGEST_TEXT + 1]})
    lines = text.split("\n")
    return await page(
        request,
        "admin/synonym_list.html",
        status=status,
        language=language,
        name=NAMES[language],
        stands=stands,
        text=text,
        seen=seen,
        trial=trial,
        problems=[(each, lines[each.line - 1][:200]) for each in problems[:SHOWN_PROBLEMS]],
        problem_count=len(problems),
        errors={"text": error} if error else {},
        meanwhile=meanwhile,
        typed=typed,
        thesaurus_size=await asyncio.to_thread(thesaurus_size, language),
        history=await editing.versions(language),
    )


handlers = [show_list, send_list, send_trial, show_thesaurus, show_version, send_restoration]
