"""Reviews that wait for a person, and those that were reported: read, and decided on."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.admin.access import operator
from app.reviews import moderating
from app.reviews.answering import remove_answer
from app.reviews.moderating import FILTERS, LONGEST_NOTE, MOVES, DecidedBefore
from app.reviews.pages import REPORTS
from app.reviews.tables import ReviewState
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

LIST = "/admin/reviews"


@get(LIST)
async def show_reviews(request: WebRequest) -> Response[str]:
    await operator(request)
    show = show if (show := request.query_params.get("show", "")) in FILTERS else ""
    after = forms.number(request.query_params.get("after", "")) or 0
    return await page(
        request,
        "admin/reviews.html",
        found=await moderating.queue(show, after),
        waiting=await moderating.waiting(),
        show=show,
    )


@get("/admin/reviews/{review_id:int}")
async def show_review(request: WebRequest, review_id: FromPath[int]) -> Response[str]:
    await operator(request)
    return await _review(request, review_id)


@post("/admin/reviews/{review_id:int}/decisions", status_code=303)
async def send_review_decision(request: WebRequest, review_id: FromPath[int]) -> Response[Any]:
    viewer = await operator(request)
    values = await forms.read(request)
    try:
        version, seen, to, note = _decision(values)
        await moderating.decide(review_id, viewer.id, version, seen, to, note)
    except forms.Invalid as invalid:
        return await _review(request, review_id, values, invalid.errors, status=422)
    except DecidedBefore:
        return await _review(request, review_id, values, changed=True, status=409)
    except LookupError:
        raise NotFoundException from None
    flash(request, "good", "The review is shown." if to == ReviewState.SHOWN else "The review is not shown any more.")
    return Redirect(LIST, status_code=303)


@post("/admin/reviews/{review_id:int}/answer/removal", status_code=303)
async def remove_review_answer(request: WebRequest, review_id: FromPath[int]) -> Response[Any]:
    await operator(request)
    gone = await remove_answer(review_id)
    flash(request, *(("good", "The answer is gone.") if gone else ("warn", "There was no answer any more.")))
    return Redirect(f"{LIST}/{review_id}", status_code=303)


def _decision(values: dict[str, str]) -> tuple[int, ReviewState, ReviewState, str]:
    """The version and state that were read, the state that it gets, and the note.

    Raises:
        Invalid: one of them does not fit.
    """
    note = values.get("note", "").replace("\r\n", "\n")
    version = forms.number(values.get("version", ""))
    try:
        seen, to = ReviewState(values.get("from", "")), ReviewState(values.get("to", ""))
    except ValueError:
        raise forms.Invalid({"": "Choose what to do, with one of the buttons"}, values) from None
    if to not in MOVES[seen] or version is None:
        raise forms.Invalid({"": f"A review that is {seen} cannot become {to}"}, values)
    if len(note) > LONGEST_NOTE:
        raise forms.Invalid({"note": f"Use at most {LONGEST_NOTE} characters"}, values)
    if to == ReviewState.REJECTED and not note:
        raise forms.Invalid({"note": "Say why: its author reads it"}, values)
    return version, seen, to, note


async def _review(
    request: WebRequest,
    review_id: int,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    changed: bool = False,
    status: int = 200,
) -> Response[str]:
    try:
        found = await moderating.desk(review_id)
    except LookupError:
        raise NotFoundException from None
    return await page(
        request,
        "admin/review.html",
        status=status,
        found=found,
        moves=MOVES[ReviewState(found.row["state"])],
        kinds=REPORTS,
        values=values or {},
        errors=errors or {},
        changed=changed,
        longest_note=LONGEST_NOTE,
    )


handlers = [show_reviews, show_review, send_review_decision, remove_review_answer]
