"""The field for a discount code beside the payment step."""

from litestar import post
from litestar.response import Redirect

from app.accounts.owners import owner_of
from app.checkout.answers import answer_discount
from app.checkout.pages import go, review_for
from app.checkout.review import shopper_of
from app.discounts.giving import NotGiven, code_of, look
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest

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
        discount = await look(typed, shopper_of(owner, review.answers), review.items_minor)
    except NotGiven as error:
        flash(request, "bad", f"“{typed[:LONGEST_SHOWN]}”: {error} Nothing was changed.")
        return go(f"/checkout/{review.step}")
    await answer_discount(review.answers.cart, code_of(discount.code))
    flash(request, "good", f"Code {discount.code} counts.")
    return go(f"/checkout/{review.step}")


handlers = [give_code]
