"""The field for a discount code beside the payment step."""

from litestar import post
from litestar.response import Redirect

from app.accounts import tries
from app.accounts.owners import owner_of
from app.checkout.answers import answer_discount
from app.checkout.pages import go, review_for
from app.checkout.review import shopper_of
from app.discounts.giving import Discount, NotGiven, Shopper, code_of, look
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest
from app.web.senders import sender_of

LONGEST_SHOWN = 30


@post("/checkout/discount", status_code=303)
async def give_code(request: WebRequest) -> Redirect:
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
        flash(request, "bad", f"Too many codes were tried. Wait {pause.minutes}, then try again. Nothing was changed.")
        return go(f"/checkout/{review.step}")
    except NotGiven as error:
        flash(request, "bad", f"“{typed[:LONGEST_SHOWN]}”: {error} Nothing was changed.")
        return go(f"/checkout/{review.step}")
    await answer_discount(review.answers.cart, code_of(discount.code))
    flash(request, "good", f"Code {discount.code} counts.")
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
