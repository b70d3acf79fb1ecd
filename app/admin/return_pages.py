"""Returns: which wait, and deciding on one."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.admin.access import operator
from app.admin.order_pages import order_id_of, within_order
from app.infra.money import euro
from app.orders import return_closing, returns
from app.orders.return_asking import LONGEST_NOTE, CannotReturn
from app.orders.return_pages import one_of
from app.orders.return_views import open_returns, returns_of
from app.orders.states import MoveRefused
from app.payments.wanted import MoneyRefused
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

DECIDED = "Somebody was faster: this return is no longer in the state that you saw. Nothing was done."
NO_MONEY = "The money of this order went back before. Nothing was done; look at its payments."


@get("/admin/returns")
async def show_returns(request: WebRequest) -> Response[str]:
    await operator(request)
    return await page(request, "admin/returns.html", returns=await open_returns())


@get("/admin/orders/{number:str}/returns/{made:int}")
async def show_return(request: WebRequest, number: FromPath[str], made: FromPath[int]) -> Response[str]:
    await operator(request)
    return await _return(request, await order_id_of(number), made)


@post("/admin/orders/{number:str}/returns/{made:int}/approval", status_code=303)
async def approve(request: WebRequest, number: FromPath[str], made: FromPath[int]) -> Response[Any]:
    viewer, order_id = await operator(request), await order_id_of(number)
    try:
        await returns.approve(order_id, within_order(made), f"operator {viewer.id}")
    except LookupError:
        raise NotFoundException from None
    except MoveRefused:
        flash(request, "warn", DECIDED)
    else:
        flash(request, "good", "The shopper is told where to send it.")
    return _back(number, made)


@post("/admin/orders/{number:str}/returns/{made:int}/refusal", status_code=303)
async def refuse(request: WebRequest, number: FromPath[str], made: FromPath[int]) -> Response[Any]:
    return await _answer(request, number, made, returns.refuse, "The return is refused.")


@post("/admin/orders/{number:str}/returns/{made:int}/closure", status_code=303)
async def close(request: WebRequest, number: FromPath[str], made: FromPath[int]) -> Response[Any]:
    return await _answer(request, number, made, return_closing.close, "The return is closed.")


async def _answer(
    request: WebRequest,
    number: str,
    made: int,
    verb: Callable[[int, int, str, str], Awaitable[None]],
    done: str,
) -> Response[Any]:
    """A decision whose reason the shopper reads."""
    viewer, order_id = await operator(request), await order_id_of(number)
    why = (await forms.read(request)).get("why", "").replace("\r\n", "\n")
    try:
        await verb(order_id, within_order(made), f"operator {viewer.id}", why)
    except LookupError:
        raise NotFoundException from None
    except CannotReturn as reason:
        return await _return(request, order_id, made, why, str(reason), status=422)
    except MoveRefused:
        flash(request, "warn", DECIDED)
    else:
        flash(request, "good", done)
    return _back(number, made)


@post("/admin/orders/{number:str}/returns/{made:int}/receipt", status_code=303)
async def receive(request: WebRequest, number: FromPath[str], made: FromPath[int]) -> Response[Any]:
    viewer, order_id = await operator(request), await order_id_of(number)
    values = await forms.read(request)
    restocked = {forms.number(name[8:]) or 0 for name in values if name.startswith("restock-")}
    try:
        credit = await returns.receive(order_id, within_order(made), f"operator {viewer.id}", restocked)
    except LookupError:
        raise NotFoundException from None
    except MoveRefused:
        flash(request, "warn", DECIDED)
    except MoneyRefused:
        flash(request, "bad", NO_MONEY)
    except CannotReturn as reason:
        flash(request, "warn", str(reason))
    else:
        flash(request, "good", f"Received. {euro(credit.goes_back_minor) if credit else 'Nothing'} goes back.")
    return _back(number, made)


def _back(number: str, made: int) -> Redirect:
    return Redirect(f"/admin/orders/{number.upper()}/returns/{made}", status_code=303)


async def _return(
    request: WebRequest, order_id: int, made: int, why: str = "", error: str = "", *, status: int = 200
) -> Response[str]:
    found = one_of(await returns_of(order_id), made)
    return await page(
        request,
        "admin/return.html",
        status=status,
        found=found,
        why=why,
        errors={"why": error} if error else {},
        longest_note=LONGEST_NOTE,
    )


handlers = [show_returns, show_return, approve, refuse, close, receive]
