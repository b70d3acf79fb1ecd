"""What is to pack and to hand over, and one order with what an operator does about it."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.admin.access import operator
from app.checkout import payment_desk
from app.infra.clock import now
from app.infra.money import euro
from app.orders import packing, shipping
from app.orders.cancelling import cancel_packed
from app.orders.carrier import CarrierUnavailable
from app.orders.detail import detail_of
from app.orders.ownership import order_numbered
from app.orders.parcels import ParcelNotReady
from app.orders.queue import to_send
from app.orders.shipping import LONGEST_CODE, CodeUnusable
from app.payments import ledger
from app.payments.wanted import MoneyRefused
from app.web import forms
from app.web.flashes import flash
from app.web.paths import local_path
from app.web.rendering import WebRequest, page

LIST = "/admin/orders"
NO_MONEY = (
    "The bank has let go of the money that it held for this, so it stays here. Cancel the parcel on the order's page, "
    "or ask the shopper how to go on."
)
WENT_BACK = "The money of this order went back before. Nothing was cancelled; look at its payments."
NO_CARRIER = "The carrier does not answer right now. Nothing was done; try again in a minute."


@get("/admin/orders")
async def show_queue(request: WebRequest) -> Response[Any]:
    await operator(request)
    number, warehouse, state = (
        forms.clean(request.query_params.get(name, "")) for name in ("number", "warehouse", "state")
    )
    if number:
        try:
            await order_numbered(number)
            return Redirect(f"{LIST}/{number.upper()}", status_code=303)
        except LookupError:
            pass
    found = await to_send(warehouse, state)
    return await page(request, "admin/orders.html", found=found, number=number, warehouse=warehouse, state=state)


@get("/admin/orders/{number:str}")
async def show_order(request: WebRequest, number: FromPath[str]) -> Response[str]:
    await operator(request)
    return await _order(request, number)


@post("/admin/orders/{number:str}/parcels/{parcel:int}/packing", status_code=303)
async def pack(request: WebRequest, number: FromPath[str], parcel: FromPath[int]) -> Response[Any]:
    viewer, order_id = await operator(request), await order_id_of(number)
    values = await forms.read(request)
    try:
        await packing.pack(order_id, within_order(parcel), f"operator {viewer.id}")
    except LookupError:
        raise NotFoundException from None
    except ParcelNotReady as reason:
        flash(request, "warn", str(reason))
    else:
        flash(
            request, "good", f"Parcel {parcel} of {number.upper()} is packed. Hand it over when the carrier is there."
        )
    return _back(number, values)


@post("/admin/orders/{number:str}/parcels/{parcel:int}/shipping", status_code=303)
async def ship(request: WebRequest, number: FromPath[str], parcel: FromPath[int]) -> Response[Any]:
    viewer, order_id = await operator(request), await order_id_of(number)
    values = await forms.read(request)
    typed = values.get("tracking", "")
    try:
        code = await shipping.ship(order_id, within_order(parcel), f"operator {viewer.id}", typed)
    except LookupError:
        raise NotFoundException from None
    except ParcelNotReady as reason:
        flash(request, "warn", str(reason))
    except CarrierUnavailable:
        flash(request, "bad", NO_CARRIER)
    except MoneyRefused:
        flash(request, "bad", NO_MONEY)
    except CodeUnusable as reason:
        return await _order(request, number, status=422, errors={f"tracking-{parcel}": str(reason)}, typed=typed)
    else:
        flash(request, "good", f"Parcel {parcel} of {number.upper()} is with the carrier. Its tracking code is {code}.")
    return _back(number, values)


@post("/admin/orders/{number:str}/parcels/{parcel:int}/arrival", status_code=303)
async def arrive(request: WebRequest, number: FromPath[str], parcel: FromPath[int]) -> Response[Any]:
    """For carriers that tell us nothing by themselves."""
    viewer, order_id = await operator(request), await order_id_of(number)
    try:
        await shipping.deliver(order_id, within_order(parcel), f"operator {viewer.id}", now())
    except LookupError:
        raise NotFoundException from None
    except ParcelNotReady as reason:
        flash(request, "warn", str(reason))
    else:
        flash(request, "good", f"Parcel {parcel} has arrived.")
    return _back(number)


@post("/admin/orders/{number:str}/parcels/{parcel:int}/cancellation", status_code=303)
async def cancel(request: WebRequest, number: FromPath[str], parcel: FromPath[int]) -> Response[Any]:
    """Of a packed parcel, which its shopper cannot cancel any more."""
    viewer, order_id = await operator(request), await order_id_of(number)
    try:
        done = await cancel_packed(order_id, within_order(parcel), f"operator {viewer.id}")
    except LookupError:
        raise NotFoundException from None
    except ParcelNotReady as reason:
        flash(request, "warn", str(reason))
    except MoneyRefused:
        flash(request, "bad", WENT_BACK)
    else:
        worth = f"{euro(done.credit.amount_minor)} of it is credited" if done.credit else "Nothing was paid for it"
        flash(request, "good", f"Parcel {parcel} is cancelled. {worth}; put its pieces back onto their shelf.")
    return _back(number)


async def order_id_of(number: str) -> int:
    """Raises NotFoundException: there is no such order."""
    try:
        return await order_numbered(number)
    except LookupError:
        raise NotFoundException from None


def within_order(number: int) -> int:
    """The number of one of an order's parcels or returns as the database can hold it; 0 is none."""
    return number if 0 < number < 2**15 else 0


def _back(number: str, values: dict[str, str] | None = None) -> Redirect:
    """To the order, or to the list from which the form was sent."""
    return Redirect(local_path((values or {}).get("next"), f"{LIST}/{number.upper()}"), status_code=303)


async def _order(
    request: WebRequest, number: str, *, status: int = 200, errors: dict[str, str] | None = None, typed: str = ""
) -> Response[str]:
    order_id = await order_id_of(number)
    order = await detail_of(order_id)
    return await page(
        request,
        "admin/order.html",
        status=status,
        order=order,
        lost_minor=await ledger.lost(order.charged) if order.charged else 0,
        notes=await payment_desk.notes(order_id),
        errors=errors or {},
        typed=typed,
        longest_code=LONGEST_CODE,
    )


handlers = [show_queue, show_order, pack, ship, arrive, cancel]
