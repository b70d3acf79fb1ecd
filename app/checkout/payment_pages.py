"""From the button "Pay" to the provider's page and back, and what the provider says by itself."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import MediaType, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.accounts.owners import owner_of
from app.checkout.answers import answer_delivery
from app.checkout.confirming import NotAsShown, SoldOut, confirm
from app.checkout.differences import differences, levels_as_before
from app.checkout.pages import go, review_for, step_page
from app.checkout.paying import NotPayable, payment_page, thanks
from app.checkout.reconciling import ask_about
from app.checkout.review import Review
from app.checkout.settling import AmountDiffers
from app.checkout.turns import mark, pressed_at, turn
from app.checkout.webhooks import UnknownPayment, receive
from app.infra.clock import now
from app.infra.logs import log
from app.infra.settings import settings
from app.orders.ownership import order_id_for
from app.orders.placing import KeyReused, Placed
from app.payments.provider import BadSignature, ProviderUnavailable
from app.payments.sandbox_webhooks import HEADER
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

SMALL_BODY = 32 * 1024
WHOSE = "Nothing was ordered: we no longer know whose cart it was. If you were signed in, sign in again: it is there."
UNREACHABLE = "The payment page does not answer right now. Nothing was charged; try again in a minute."


@post("/orders", status_code=303)
async def place_order(request: WebRequest) -> Response[Any]:
    values = await forms.read(request)
    since = pressed_at(values.get("since", ""), values.get("key", ""))
    async with turn(since):
        answer = await _place(request, values, since)
    # The provider is spoken to when the next one has the turn.
    return await _to_payment(request, answer.id, answer.number) if isinstance(answer, Placed) else answer


async def _place(request: WebRequest, values: dict[str, str], since: datetime) -> Placed | Response[Any]:
    """The order, or the page that says why there is none."""
    owner = await owner_of(request)
    if owner is None:
        flash(request, "warn", WHOSE)
        return go("/cart")
    try:
        key, total_minor = UUID(values.get("key", "")), int(values.get("total", ""))
    except ValueError:  # no form of ours
        return await _ask_again(request, await review_for(request), values, since)
    try:
        return await confirm(owner, key, total_minor, values.get("shown", ""))
    except SoldOut as too_late:
        return await page(request, "checkout/sold_out.html", gone=too_late.gone, status=409)
    except NotAsShown as changed:
        return await _ask_again(request, changed.review, values, since)
    except KeyReused:
        flash(request, "warn", "This checkout was already paid or placed from another window, with other contents.")
        return go("/orders")


async def _ask_again(
    request: WebRequest, review: Review | None, values: dict[str, str], since: datetime
) -> Response[Any]:
    """Nothing was placed: the payment step again, with the difference said.

    A parcel that comes from elsewhere now travels as the shopper had chosen for the one before, until told otherwise.
    The place in the line is kept for the checkout that waited: with a form of another one nobody takes it over.
    """
    before = values.get("shown", "")
    if review and review.step == "delivery" and (levels := levels_as_before(before, review)):
        await answer_delivery(review.answers.cart, levels)
        review = review.sent_by(levels)
    if review is None or review.step != "payment":
        flash(request, "warn", "Your cart has changed since. Nothing was ordered; please look at it again.")
        return go(f"/checkout/{review.step}" if review else "/cart")
    key = str(review.answers.key)
    changes = await differences(before, review)
    place_in_line = mark(key, since if values.get("key") == key else now())
    return await step_page(request, "payment", review, changes=changes, since=place_in_line, status=422)


@post("/orders/{number:str}/payments", status_code=303)
async def pay_again(request: WebRequest, number: FromPath[str]) -> Redirect:
    order_id = await order_id_for(request, number)
    try:
        await ask_about(order_id)  # an earlier try may have gone through
    except ProviderUnavailable:  # then nobody is asked to pay twice; the order's page says so
        return go(f"/orders/{number}")
    return await _to_payment(request, order_id, number)


async def _to_payment(request: WebRequest, order_id: int, number: str) -> Redirect:
    try:
        return go(await payment_page(order_id))
    except NotPayable:
        pass  # paid, or too late: the order's page says which
    except ProviderUnavailable:
        flash(request, "bad", UNREACHABLE)
    return go(f"/orders/{number}")


@get("/checkout/return/{number:str}")
async def come_back(request: WebRequest, number: FromPath[str]) -> Redirect:
    """From the provider's page. Its word is asked for, never read from the address; without one, the order says so."""
    order_id = await order_id_for(request, number)
    with suppress(ProviderUnavailable):
        await ask_about(order_id)
    if words := await thanks(order_id):
        flash(request, "good", words)
    return go(f"/orders/{number}")


@post("/webhooks/sandbox", status_code=200, request_max_body_size=SMALL_BODY)
async def take_webhook(request: WebRequest) -> Response[str]:
    return await _take(request, HEADER, receive)


@post("/webhooks/stripe", status_code=200)
async def take_stripe_webhook(request: WebRequest) -> Response[str]:
    if settings().payment_provider != "stripe" and not settings().stripe_webhook_secret.get_secret_value():
        raise NotFoundException
    from app.checkout import stripe_webhooks  # its library is large, and most shops have one provider

    return await _take(request, "stripe-signature", stripe_webhooks.receive)


async def _take(request: WebRequest, header: str, receive_it: Callable[[bytes, str], Awaitable[None]]) -> Response[str]:
    """2xx only when the message's effect is committed: whatever fails makes the provider send it again."""
    try:
        await receive_it(await request.body(), request.headers.get(header, ""))
    except (BadSignature, msgspec.DecodeError, UnicodeDecodeError) as error:
        log("webhooks").warning("refused", reason=str(error))
        return Response("refused", status_code=400, media_type=MediaType.TEXT)
    except UnknownPayment:
        return Response("no such payment", status_code=404, media_type=MediaType.TEXT)
    except (ProviderUnavailable, AmountDiffers) as error:
        log("webhooks").error("not taken", reason=str(error))
        return Response("not now", status_code=503, media_type=MediaType.TEXT)
    return Response("taken", media_type=MediaType.TEXT)


handlers = [place_order, pay_again, come_back, take_webhook, take_stripe_webhook]
