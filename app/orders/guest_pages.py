"""The page that opens a guest's order."""

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from app.orders.guests import TooManyTries, open_as_guest
from app.orders.links import remember
from app.web import forms
from app.web.rendering import WebRequest, page
from app.web.senders import sender_of

UNKNOWN = "There is no order with this number and this e-mail address. Look at both in the mail about the order."


@get("/orders/access")
async def show_access(request: WebRequest) -> Response[Any]:
    return await page(request, "orders/access.html", values={}, errors={})


@post("/orders/access", status_code=303)
async def open_order(request: WebRequest) -> Response[Any]:
    values = await forms.read(request)
    number, email = values.get("number", ""), values.get("email", "")
    errors = {} if number else {"number": "Enter the number of the order"}
    errors |= {} if email else {"email": "Enter the e-mail address that the order was placed with"}
    status = 422
    if not errors:
        try:
            found = await open_as_guest(number, email, sender_of(request))
        except TooManyTries as pause:
            errors, status = {"": f"Too many tries. Wait {_minutes(pause.minutes)}, then try again."}, 429
        else:
            if found:
                remember(request, found)
                return Redirect(f"/orders/{found}", status_code=303)
            errors = {"number": UNKNOWN}
    return await page(request, "orders/access.html", status=status, values=values, errors=errors)


def _minutes(count: int) -> str:
    return "a minute" if count == 1 else f"{count} minutes"


handlers = [show_access, open_order]
