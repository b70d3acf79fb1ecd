"""What consumers gave up on: to look at, to send again, to lay aside."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.admin.access import operator
from app.events import dead_letters
from app.events.dead_letters import LONGEST_NOTE, Letter
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

SHOWN = 200
PAYLOAD_CHARS = 4000
LIST = "/admin/dead-letters"


@get("/admin/dead-letters")
async def show_dead_letters(request: WebRequest) -> Response[str]:
    await operator(request)
    consumer, topic = (forms.clean(request.query_params.get(name, "")) for name in ("consumer", "topic"))
    settled = "settled" in request.query_params
    found = await dead_letters.letters(consumer=consumer, topic=topic, settled=settled, count=SHOWN)
    waiting = await dead_letters.waiting()
    return await page(
        request,
        "admin/dead_letters.html",
        letters=[(letter, about(letter)) for letter in found],
        waiting=waiting,
        shown_waiting=sum(count for (of, on), count in waiting.items() if consumer in ("", of) and topic in ("", on)),
        consumer=consumer,
        topic=topic,
        settled=settled,
        most=SHOWN,
    )


@post("/admin/dead-letters/replay", status_code=303)
async def replay_all(request: WebRequest) -> Response[Any]:
    """All that wait, of a consumer or on a topic if the form names one."""
    await operator(request)
    values = await forms.read(request)
    count = await dead_letters.replay_all(values.get("consumer", ""), values.get("topic", ""))
    flash(request, "good", _said(count))
    return Redirect(LIST, status_code=303)


@get("/admin/dead-letters/{letter_id:int}")
async def show_dead_letter(request: WebRequest, letter_id: FromPath[int]) -> Response[str]:
    await operator(request)
    return await _letter(request, letter_id)


@post("/admin/dead-letters/{letter_id:int}/replay", status_code=303)
async def replay(request: WebRequest, letter_id: FromPath[int]) -> Response[Any]:
    await operator(request)
    found = await _found(letter_id)
    count = await dead_letters.replay([found.id])
    flash(request, *(("good", _said(count)) if count else ("warn", SETTLED)))
    return Redirect(LIST if count else f"{LIST}/{found.id}", status_code=303)


@post("/admin/dead-letters/{letter_id:int}/discard", status_code=303)
async def discard(request: WebRequest, letter_id: FromPath[int]) -> Response[Any]:
    await operator(request)
    found = await _found(letter_id)
    note = (await forms.read(request)).get("note", "")
    try:
        done = await dead_letters.discard(found.id, note)
    except ValueError as error:
        return await _letter(request, found.id, note, f"{str(error).capitalize()}.", status=422)
    flash(request, *(("good", f"Letter {found.id} is laid aside.") if done else ("warn", SETTLED)))
    return Redirect(LIST if done else f"{LIST}/{found.id}", status_code=303)


SETTLED = "Somebody has settled this letter before you. Nothing was done."


def _said(count: int) -> str:
    if not count:
        return "No letter was waiting any more."
    return f"{count:,} event{'s' if count > 1 else ''} will come again. What fails again comes back here."


def about(letter: Letter) -> str:
    """What the event is about, in words."""
    said = letter.payload
    match said:
        case {"kind": "batch", "feed": feed, "number": number}:
            return f"Part {number} of feed {feed}"
        case {"kind": "end", "feed": feed}:
            return f"The end of feed {feed}"
        case {"products": [one]}:
            return f"Product {one}"
        case {"products": [*products]}:
            return f"{len(products):,} products"
        case _:
            return letter.key


async def _found(letter_id: int) -> Letter:
    try:
        return await dead_letters.letter(letter_id)
    except LookupError:
        raise NotFoundException from None


async def _letter(
    request: WebRequest, letter_id: int, note: str = "", error: str = "", *, status: int = 200
) -> Response[str]:
    found = await _found(letter_id)
    payload = msgspec.json.format(msgspec.json.encode(found.payload), indent=2).decode()
    return await page(
        request,
        "admin/dead_letter.html",
        status=status,
        letter=found,
        about=about(found),
        payload=payload[:PAYLOAD_CHARS],
        is_cut=len(payload) > PAYLOAD_CHARS,
        note=note or found.note,
        errors={"note": error} if error else {},
        longest_note=LONGEST_NOTE,
    )


handlers = [show_dead_letters, replay_all, show_dead_letter, replay, discard]
