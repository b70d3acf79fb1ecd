"""The sandbox provider's hosted page. It stands for another company's site, so it looks like none of ours."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.infra.queue import enqueue
from app.payments import sandbox_payments
from app.payments.sandbox_cards import CARDS, CardForm
from app.payments.sandbox_payments import Payment
from app.web import forms
from app.web.rendering import WebRequest, page

WAKE_UP = "deliver_sandbox_webhooks"


@get("/sandbox/pay/{reference:str}")
async def show_payment(request: WebRequest, reference: FromPath[str]) -> Response[str]:
    return await _page(request, await _payment(reference))


@post("/sandbox/pay/{reference:str}", status_code=303)
async def present_card(request: WebRequest, reference: FromPath[str]) -> Response[Any]:
    payment = await _payment(reference)
    values = await forms.read(request)
    try:
        form = forms.checked(CardForm, values)
    except forms.Invalid as invalid:
        return await _page(request, payment, values=invalid.values, errors=invalid.errors, status=422)
    return await _next(payment, await sandbox_payments.present(reference, form.card))


@post("/sandbox/pay/{reference:str}/challenge", status_code=303)
async def answer_challenge(request: WebRequest, reference: FromPath[str]) -> Response[Any]:
    payment = await _payment(reference)
    values = await forms.read(request)
    approved = values.get("answer") == "approve"
    return await _next(payment, await sandbox_payments.answer_challenge(reference, approved=approved))


async def _payment(reference: str) -> Payment:
    payment = await sandbox_payments.payment_of(reference) if reference.isprintable() else None
    if payment is None:
        raise NotFoundException
    return payment


async def _next(payment: Payment, state: str) -> Response[Any]:
    """To the bank's second page, or back to the shop."""
    if state == "challenge":
        return Redirect(sandbox_payments.page_of(payment.reference), status_code=303)
    await enqueue(WAKE_UP)
    return Redirect(payment.return_url, status_code=303)


async def _page(
    request: WebRequest,
    payment: Payment,
    *,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response[str]:
    template = "over" if payment.is_over else "challenge" if payment.state == "challenge" else "card"
    return await page(
        request,
        f"payments/{template}.html",
        payment=payment,
        cards=CARDS,
        values=values or {},
        errors=errors or {},
        status=status,
    )


handlers = [show_payment, present_card, answer_challenge]
