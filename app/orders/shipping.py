"""Handing a packed parcel to a carrier, and its arrival."""

import re
from datetime import datetime

from app.delivery.postcodes import marked
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction
from app.infra.settings import settings
from app.orders.bought import bought
from app.orders.carrier import Consignment
from app.orders.carriers import CARRIERS, USUAL
from app.orders.parcels import LockedParcel, ParcelNotReady, locked_parcel, reference_of
from app.orders.states import follow_parcels, move_parcel
from app.orders.tables import ParcelState
from app.payments.wanted import capture, require_capture

LONGEST_CODE = 60
_CODE = re.compile(rf"[0-9A-Za-z][0-9A-Za-z ./-]{{0,{LONGEST_CODE - 1}}}")


class CodeUnusable(Exception):
    """What was given as a tracking code cannot be one. The text is for people."""


async def ship(order_id: int, number: int, actor: str, tracking_code: str = "") -> str:
    """Hand a parcel over; returns its tracking code.

    Without a code the shop's own carrier is asked to take it, before anything is written: whoever is killed between the
    two asks again, and the carrier, who knows the parcel's reference, answers the same. He is not asked for a parcel
    whose money is not there; it is looked at once more when the parcel is written down as shipped.

    Args:
        tracking_code: of another carrier, who has taken it already.

    Raises:
        LookupError: there is no such parcel.
        ParcelNotReady: it is not packed, or shipped already.
        CodeUnusable: nothing was done.
        CarrierUnavailable: nothing was done; try again later.
        MoneyRefused: the bank has let go of the money that was held for it; nothing was done.
    """
    if tracking_code and not _CODE.fullmatch(tracking_code):
        raise CodeUnusable(f"A tracking code has letters, digits, blanks, dots and dashes, at most {LONGEST_CODE}.")
    carrier = "" if tracking_code else USUAL
    code = tracking_code or await _accepted(order_id, number)
    async with transaction():
        parcel = await locked_parcel(order_id, number)
        parcel.require(ParcelState.PACKED, "shipped")
        await move_parcel(parcel.id, ParcelState.SHIPPED, actor)
        await execute(
            """INSERT INTO shipment (parcel, carrier, tracking_code, is_hurried, handed_over_at)
               VALUES ($1, $2, $3, $4, $5)""",
            parcel.id,
            carrier,
            code,
            carrier == USUAL and settings().carrier_speed > 1,
            now(),
        )
        await follow_parcels(order_id, actor)
        await parcel.tell("shipped")
        if worth := await _worth(order_id, number):  # a discount may have left nothing to pay for it
            await capture(order_id, worth, f"{parcel.reference} shipped")  # where it is only held until now
    return code


async def _accepted(order_id: int, number: int) -> str:
    """The code under which the usual carrier takes the parcel."""
    consignment = await _consignment(order_id, number)
    if worth := await _worth(order_id, number):
        await require_capture(order_id, worth)
    return await CARRIERS[USUAL].accept(consignment)


async def _worth(order_id: int, number: int) -> int:
    """What the shopper pays for the parcel."""
    return next(each.left_minor for each in await bought(order_id) if each.number == number)


async def _consignment(order_id: int, number: int) -> Consignment:
    row = await fetch_one(
        """SELECT o.number AS order_number, p.state, o.postcode, o.place, o.country, p.service_level,
                  w.code AS warehouse
           FROM parcel p JOIN shop_order o ON o.id = p."order" JOIN warehouse w ON w.id = p.warehouse
           WHERE o.id = $1 AND p.number = $2""",
        order_id,
        number,
    )
    if row is None:
        raise LookupError(f"no parcel {number} of order {order_id}")
    if row["state"] != ParcelState.PACKED:  # no carrier is asked to take what cannot be handed over
        raise ParcelNotReady(f"Parcel {number} is {row['state']}. Only a packed parcel is handed over.")
    reference = reference_of(row["order_number"], number)
    postcode = marked(row["country"], row["postcode"])
    return Consignment(reference, row["warehouse"], postcode, row["place"], row["service_level"])


async def deliver(order_id: int, number: int, actor: str, at: datetime) -> None:
    """Write down that the parcel has arrived.

    Raises:
        LookupError: there is no such parcel.
        ParcelNotReady: it is not with a carrier, or has arrived already.
    """
    async with transaction():
        await arrive(await locked_parcel(order_id, number), actor, at)


async def arrive(parcel: LockedParcel, actor: str, at: datetime) -> None:
    """The same, in the caller's transaction."""
    parcel.require(ParcelState.SHIPPED, "delivered")
    await move_parcel(parcel.id, ParcelState.DELIVERED, actor)
    await execute("UPDATE shipment SET delivered_at = $2 WHERE parcel = $1", parcel.id, at)
    await follow_parcels(parcel.order.id, actor)
    await parcel.tell("delivered")
