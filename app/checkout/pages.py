"""The steps of the checkout: each a page with its own address, all of them one flow."""

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from app.accounts.owners import owner_of
from app.accounts.sessions import account_of
from app.checkout.addresses import given_address
from app.checkout.answers import answer_address, answer_delivery, answers_of, first_values
from app.checkout.review import Review, encode_shown, review_of
from app.delivery import address_book
from app.delivery.address_form import form_of, is_update
from app.delivery.estimate import delivery_map
from app.delivery.places import learn_place, place_of_request
from app.web import forms
from app.web.rendering import WebRequest, page

STEPS = ("address", "delivery", "payment")


def go(path: str) -> Redirect:
    return Redirect(path, status_code=303)


async def review_for(request: WebRequest) -> Review | None:
    return await review_of(await owner_of(request), await place_of_request(request))


async def step_page(request: WebRequest, step: str, review: Review, **context: Any) -> Response[str]:
    """The checkout, open at `step`: what comes before it is answered, what comes after it waits."""
    context = {"values": {}, "errors": {}, "changes": None, "since": "", "status": 200, **context}
    shown = encode_shown(review.shown) if step == "payment" else ""
    return await page(request, "checkout/page.html", step=step, steps=STEPS, review=review, shown=shown, **context)


@get("/checkout")
async def enter(request: WebRequest) -> Redirect:
    review = await review_for(request)
    return go(f"/checkout/{review.step}" if review else "/cart")


@get("/checkout/address")
async def show_address(request: WebRequest) -> Response[Any]:
    review, owner = await review_for(request), await owner_of(request)
    if review is None or owner is None:
        return go("/cart")
    if review.answers.address:
        values = vars(review.answers.address)
    else:
        values = await first_values(owner, await account_of(request), review.place)
    return await _address_page(request, review, values)


async def _address_page(
    request: WebRequest, review: Review, values: dict[str, str], errors: dict[str, str] | None = None
) -> Response[str]:
    """With the shopper's own addresses to choose from: what was answered is marked, else the usual one."""
    viewer = await account_of(request)
    entries = await address_book.entries_of(viewer.id) if viewer else []
    updates = is_update(values)
    answered = review.answers.address
    same = [entry.id for entry in entries if answered and vars(entry.address).items() <= vars(answered).items()]
    if entries and (same or not answered) and not errors and not updates:
        values = {}  # the form below the choice is for another address
    chosen = next(iter(same), entries[0].id if entries and not answered else None)
    return await step_page(
        request,
        "address",
        review,
        fragment="delivery/_address_fields.html" if updates else "",
        status=422 if errors else 200,
        values=values,
        errors=errors or {},
        form=form_of(values, await delivery_map()),
        action="/checkout/address",
        entries=entries,
        chosen=None if updates else chosen,
    )


@post("/checkout/address", status_code=303)
async def give_address(request: WebRequest) -> Response[Any]:
    values, viewer = await forms.read(request), await account_of(request)
    if is_update(values) and "saved" not in values:
        return await _address_again(request, values)
    owner = await owner_of(request)
    answers = await answers_of(owner) if owner else None
    if answers is None:
        return go("/cart")
    try:
        address = await given_address(values, viewer, await delivery_map())
    except forms.Invalid as invalid:
        return await _address_again(request, invalid.values, invalid.errors)
    await answer_address(answers.cart, address)
    await learn_place(request, address.mark)
    review = await review_for(request)
    return go(f"/checkout/{review.step}" if review else "/cart")


async def _address_again(
    request: WebRequest, values: dict[str, str], errors: dict[str, str] | None = None
) -> Response[Any]:
    review = await review_for(request)
    return await _address_page(request, review, values, errors) if review else go("/cart")


@get("/checkout/delivery")
async def show_delivery(request: WebRequest) -> Response[Any]:
    review = await review_for(request)
    if review is None or review.step == "address":
        return go("/checkout/address" if review else "/cart")
    return await step_page(request, "delivery", review)


@post("/checkout/delivery", status_code=303)
async def choose_delivery(request: WebRequest) -> Response[Any]:
    values, review = await forms.read(request), await review_for(request)
    if review is None or review.step == "address":
        return go("/checkout/address" if review else "/cart")
    levels, errors = {}, {}
    for parcel in review.parcels:
        name = f"parcel-{parcel.key}"
        levels[parcel.key] = values.get(name, "")
        if levels[parcel.key] not in {option.level for option in parcel.options}:
            errors[name] = f"Choose how the parcel from {parcel.supplier_name} travels"
    if errors:
        return await step_page(request, "delivery", review, errors=errors, status=422)
    await answer_delivery(review.answers.cart, levels)
    return go("/checkout/payment")


@get("/checkout/payment")
async def show_payment(request: WebRequest) -> Response[Any]:
    review = await review_for(request)
    if review is None or review.step != "payment":
        return go(f"/checkout/{review.step}" if review else "/cart")
    return await step_page(request, "payment", review)


handlers = [enter, show_address, give_address, show_delivery, choose_delivery, show_payment]
