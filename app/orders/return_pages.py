"""The shopper's pages about sending something back."""

import re
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.orders.numbers import number_of
from app.orders.ownership import order_id_for
from app.orders.return_asking import LONGEST_NOTE, REASONS, CannotReturn, ask
from app.orders.return_views import ReturnView, returnable, returns_of
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

_PIECES = re.compile(r"pieces-[0-9]{1,18}")
MOST_PIECES = 10_000


@get("/orders/{number:str}/returns")
async def show_returns(request: WebRequest, number: FromPath[str]) -> Response[Any]:
    return await _returns(request, number, await order_id_for(request, number))


@post("/orders/{number:str}/returns", status_code=303)
async def ask_to_return(request: WebRequest, number: FromPath[str]) -> Response[Any]:
    order_id = await order_id_for(request, number)
    values = await forms.read(request)
    pieces, errors = _pieces(values)
    note = values.get("note", "").replace("\r\n", "\n")
    if errors:
        return await _returns(request, number, order_id, values, errors)
    try:
        made = await ask(order_id, pieces, values.get("reason", ""), note)
    except CannotReturn as wrong:
        return await _returns(request, number, order_id, values, {wrong.field: str(wrong)})
    flash(request, "good", "We have your request, and answer it within two working days.")
    return Redirect(f"/orders/{number_of(number)}/returns/{made}", status_code=303)


def _pieces(values: dict[str, str]) -> tuple[dict[int, int], dict[str, str]]:
    """(line -> how many, field -> what is wrong with it)."""
    typed = {name: value.strip() for name, value in values.items() if _PIECES.fullmatch(name)}
    counts = {name: forms.number(value or "0") for name, value in typed.items()}
    wrong = {name: "Enter a whole number, such as 1" for name, count in counts.items() if count is None}
    return {int(name[7:]): min(count or 0, MOST_PIECES) for name, count in counts.items()}, wrong


async def _returns(
    request: WebRequest,
    number: str,
    order_id: int,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Response[Any]:
    return await page(
        request,
        "orders/returns.html",
        status=422 if errors else 200,
        number=number_of(number),
        lines=await returnable(order_id),
        returns=await returns_of(order_id),
        reasons={key: words for key, (words, _) in REASONS.items()},
        values=values or {},
        errors=errors or {},
        longest_note=LONGEST_NOTE,
    )


@get("/orders/{number:str}/returns/{made:int}")
async def show_return(request: WebRequest, number: FromPath[str], made: FromPath[int]) -> Response[Any]:
    found = one_of(await returns_of(await order_id_for(request, number)), made)
    return await page(request, "orders/return.html", found=found)


def one_of(found: list[ReturnView], number: int) -> ReturnView:
    """Raises NotFoundException: there is no return of that number."""
    for each in found:
        if each.number == number:
            return each
    raise NotFoundException


handlers = [show_returns, ask_to_return, show_return]
