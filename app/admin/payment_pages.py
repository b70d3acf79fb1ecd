"""Money: what is not known, what failed, where our books and the provider's differ; the sandbox's faults for drills."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.admin.access import operator
from app.checkout import by_hand, payment_desk
from app.checkout.by_hand import LONGEST_NOTE, NotPossible
from app.infra.queue import enqueue
from app.infra.settings import settings
from app.payments import sandbox_faults
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

PLACE = "/admin/payments"
BALANCE, CARRY_OUT = "balance_books", "carry_out_requests"
ASKED = "The provider is asked within a minute. What it does not know waits here again."
SENT = "All of it is sent within a minute. What the provider does not take waits here again."


@get("/admin/payments")
async def show_payments(request: WebRequest) -> Response[str]:
    await operator(request)
    return await _page(request)


@post("/admin/payments/reconciliation", status_code=303)
async def compare_now(request: WebRequest) -> Redirect:
    await operator(request)
    if await enqueue(BALANCE):
        flash(request, "good", "The books are being compared. Reload this page in a moment.")
    else:
        flash(request, "warn", "No worker can be reached right now. It is done by itself every night.")
    return Redirect(PLACE, status_code=303)


@post("/admin/payments/requests/{request_id:int}/again", status_code=303)
async def ask_again(request: WebRequest, request_id: FromPath[int]) -> Redirect:
    await operator(request)
    return await _done(request, by_hand.ask_again(request_id), "It was asked for again.", CARRY_OUT)


@post("/admin/payments/requests/again", status_code=303)
async def send_all_again(request: WebRequest) -> Redirect:
    await operator(request)
    return await _done(request, by_hand.send_all_again(), SENT, CARRY_OUT)


@post("/admin/payments/attempts/again", status_code=303)
async def ask_about_all_again(request: WebRequest) -> Redirect:
    await operator(request)
    return await _done(request, by_hand.ask_about_again(None), ASKED)


@post("/admin/payments/attempts/{attempt_id:int}/again", status_code=303)
async def ask_about_again(request: WebRequest, attempt_id: FromPath[int]) -> Redirect:
    await operator(request)
    return await _done(request, by_hand.ask_about_again(attempt_id), ASKED)


@post("/admin/payments/requests/{request_id:int}/settlement", status_code=303)
async def close_request(request: WebRequest, request_id: FromPath[int]) -> Response[Any]:
    viewer = await operator(request)
    outcome = (await forms.read(request)).get("outcome", "")
    return await _settle(
        request, f"request-{request_id}", partial(by_hand.close, request_id, viewer.id, outcome), outcome
    )


@post("/admin/payments/attempts/{attempt_id:int}/settlement", status_code=303)
async def settle_attempt(request: WebRequest, attempt_id: FromPath[int]) -> Response[Any]:
    viewer = await operator(request)
    return await _settle(request, f"attempt-{attempt_id}", partial(by_hand.settle_attempt, attempt_id, viewer.id))


@post("/admin/payments/mismatches/{mismatch_id:int}/settlement", status_code=303)
async def settle_mismatch(request: WebRequest, mismatch_id: FromPath[int]) -> Response[Any]:
    viewer = await operator(request)
    return await _settle(request, f"note-{mismatch_id}", partial(by_hand.settle_mismatch, mismatch_id, viewer.id))


@post("/admin/payments/entries/{entry_id:int}/note", status_code=303)
async def note_entry(request: WebRequest, entry_id: FromPath[int]) -> Response[Any]:
    viewer = await operator(request)
    return await _settle(request, f"entry-{entry_id}", partial(by_hand.note, entry_id, viewer.id))


async def _settle(
    request: WebRequest, field: str, settle: Callable[[str], Awaitable[None]], outcome: str = ""
) -> Response[Any]:
    note = (await forms.read(request)).get(field, "")
    try:
        return await _done(request, settle(note), "Written down. It does not wait any more.")
    except ValueError as error:
        return await _page(request, {field: str(error)}, note, outcome, status=422)


async def _done(request: WebRequest, doing: Awaitable[None], said: str, job: str = "") -> Redirect:
    """Do it, or say why not; the job that goes on with it, if any, begins at once."""
    try:
        await doing
    except NotPossible as reason:
        flash(request, "warn", str(reason))
    else:
        if job:
            await enqueue(job)
        flash(request, "good", said)
    return Redirect(PLACE, status_code=303)


@post("/admin/payments/faults", status_code=303)
async def switch_faults(request: WebRequest) -> Redirect:
    """Every fault of the form; a box that is not ticked switches its fault off."""
    await operator(request)
    values = await forms.read(request)
    if settings().payment_provider == "sandbox":
        for name in sorted(sandbox_faults.NAMES):
            await sandbox_faults.switch(name, 100 if values.get(name) else 0)
        flash(request, "good", "The sandbox behaves as you said from now on.")
    return Redirect(f"{PLACE}#drill", status_code=303)


async def _page(
    request: WebRequest, errors: dict[str, str] | None = None, typed: str = "", outcome: str = "", *, status: int = 200
) -> Response[str]:
    is_sandbox = settings().payment_provider == "sandbox"
    return await page(
        request,
        "admin/payments.html",
        status=status,
        desk=await payment_desk.desk(),
        faults=sandbox_faults.FAULTS if is_sandbox else (),
        switched=await sandbox_faults.switched_on() if is_sandbox else {},
        provider=settings().payment_provider,
        at_shipment=settings().payment_capture == "at_shipment",
        errors=errors or {},
        typed=typed,
        outcome=outcome,
        longest_note=LONGEST_NOTE,
    )


handlers = [
    show_payments,
    compare_now,
    ask_again,
    send_all_again,
    ask_about_all_again,
    ask_about_again,
    close_request,
    settle_attempt,
    settle_mismatch,
    note_entry,
    switch_faults,
]
