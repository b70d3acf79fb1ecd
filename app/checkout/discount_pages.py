"""The field for a discount code beside the payment step."""

from typing import Any

from litestar import Response, post

from app.accounts import tries
from app.accounts.owners import owner_of
from app.checkout.answers import answer_discount
from app.checkout.pages import go, review_for, step_page
from app.checkout.review import Review, shopper_of
from app.discounts.giving import Discount, NotGiven, Shopper, code_of, look
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest
from app.web.senders import sender_of

LONGEST = 40  # of a code in its field


@post("/checkout/discount", status_code=303)
async def give_code(request: WebRequest) -> Response[Any]:
    """Keep a code that counts now; an empty one takes the code off."""
    values, owner, review = await forms.read(request), await owner_of(request), await review_for(request)
    if review is None or owner is None:
        return go("/cart")
    typed = values.get("code", "")
    if not typed:
        await answer_discount(review.answers.cart, "")
        return go(f"/checkout/{review.step}")
    try:
        discount = await _looked_up(request, typed, shopper_of(owner, review.answers), review.items_minor)
    except tries.TooMany as pause:
        return await _refused(
            request, review, typed, f"Too many codes were tried. Wait {pause.minutes}, then try again."
        )
    except NotGiven as error:
        return await _refused(request, review, typed, str(error))
    await answer_discount(review.answers.cart, code_of(discount.code))
    flash(request, "good", f"Code {discount.code} counts.")
    return go(f"/checkout/{review.step}")


async def _refused(request: WebRequest, review: Review, typed: str, why: str) -> Response[Any]:
    """The step again with the sentence beside the field; the field itself stands only beside the payment step."""
    typed = typed[:LONGEST]
    if review.step == "payment" and not review.answers.discount_code:
        return await step_page(request, "payment", review, values={"code": typed}, errors={"code": why}, status=422)
    flash(request, "bad", f"“{typed}”: {why} Nothing was changed.")
    return go(f"/checkout/{review.step}")


async def _looked_up(request: WebRequest, typed: str, shopper: Shopper, items_minor: int) -> Discount:
    """Codes are not to be guessed: a try counts as a wrong one until it was right.

    Raises:
        NotGiven: see there.
        TooMany: so many were wrong from this network that none is looked up.
    """
    await tries.count(tries.WRONG_CODES, sender_of(request))
    found = await look(typed, shopper, items_minor)
    await tries.take_back(tries.WRONG_CODES, sender_of(request))
    return found


handlers = [give_code]
