"""Money that goes back for pieces that are cancelled or returned: how much, its credit note, and the refund of it.

A line's pieces go back at what they cost. The delivery of a parcel goes back when nothing of the parcel is left; a
parcel's delivery never becomes dearer because some of it went back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.delivery.envelope import envelope
from app.infra.clock import now
from app.infra.database import execute, fetch_one
from app.infra.money import euro
from app.orders.bought import BoughtParcel
from app.orders.documents import Facts, Item, Party, encode, percent, shop
from app.orders.locking import LockedOrder
from app.orders.numbering import next_number
from app.payments.wanted import Refund, refund

Reason = Literal["cancelled", "returned"]


@dataclass(frozen=True)
class Credit:
    """What goes back; `number` is the credit note's."""

    number: str
    amount_minor: int
    vat_minor: int
    refund: Refund

    @property
    def goes_back_minor(self) -> int:
        return self.refund.released_minor + self.refund.returned_minor

    @property
    def said(self) -> str:
        return what_becomes_of(self.amount_minor, self.refund.lost_minor, self.refund.bank_minor)

    @property
    def told(self) -> dict[str, str | int]:
        """What an event about it says."""
        return {
            "amount_minor": self.amount_minor,
            "credit_note": self.number,
            "lost_minor": self.refund.lost_minor,
            "bank_minor": self.refund.bank_minor,
        }


def what_becomes_of(amount_minor: int, lost_minor: int, bank_minor: int) -> str:
    """Where so much credited money is, in sentences for the shopper: `lost_minor` of it and `bank_minor` as in a
    `Refund`."""
    goes_back = amount_minor - lost_minor - bank_minor
    said = (
        (goes_back, "{} goes back to what you paid with."),
        (lost_minor, "{} was never taken from you: your bank has let go of what it held for us."),
        (bank_minor, "{} you have back from your bank already."),
    )
    return " ".join(sentence.format(euro(minor)) for minor, sentence in said if minor)


def items_of(parcels: Sequence[BoughtParcel], pieces: Mapping[int, int]) -> tuple[Item, ...]:
    """What goes back for so many pieces of each line (id -> pieces).

    Args:
        parcels: as they stood before these pieces went.
    """
    items = []
    for parcel in parcels:
        going = [(line, pieces.get(line.id, 0)) for line in parcel.lines]
        items += [
            Item(
                line.name,
                parcel.seller,
                count,
                line.unit_price_minor,
                line.amount_of(count, after=line.quantity - line.left),
                line.vat_of(count, after=line.quantity - line.left),
                percent(line.vat_percent),
                line.sku,
            )
            for line, count in going
            if count
        ]
        if any(count for _, count in going) and all(line.left == count for line, count in going):
            items += delivery_items(parcel)
    return tuple(items)


def delivery_items(parcel: BoughtParcel) -> list[Item]:
    """The delivery of a parcel, for each rate of what is in it."""
    return [
        Item(
            f"Delivery of parcel {parcel.number}",
            parcel.seller,
            1,
            part.amount_minor - (part.vat_minor if parcel.is_net else 0),
            part.amount_minor,
            part.vat_minor,
            percent(part.vat_percent),
        )
        for part in parcel.delivery
    ]


async def credit(order: LockedOrder, items: Sequence[Item], reason: Reason, *, shipped: bool) -> Credit | None:
    """Ask for the refund of these items and write its credit note, in the caller's transaction; None for nothing.

    It is called last: the series of credit notes is locked from here to the commit.

    Raises:
        MoneyRefused: the order has not so much left; the caller's transaction must end.
    """
    amount = sum(item.amount_minor for item in items)
    if not amount:
        return None
    vat = sum(item.vat_minor for item in items)
    number, day = await next_number("NC")
    refunded = await refund(order.id, amount, number, f"Order {order.number}: {reason}", shipped=shipped)
    row = await fetch_one(
        'SELECT o.*, i.number AS invoice FROM shop_order o LEFT JOIN invoice i ON i."order" = o.id WHERE o.id = $1',
        order.id,
    )
    assert row is not None
    facts = Facts(
        number,
        order.number,
        day,
        shop(),
        buyer_of(row),
        tuple(items),
        order.currency,
        amount,
        vat,
        refers_to=row["invoice"] or "",
        reason=reason,
        is_net=row["is_net"],
    )
    await execute(
        """INSERT INTO credit_note ("order", number, reason, amount_minor, vat_minor, facts, issued_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        order.id,
        number,
        reason,
        amount,
        vat,
        encode(facts),
        now(),
    )
    return Credit(number, amount, vat, refunded)


def buyer_of(row: Mapping[str, str]) -> Party:
    """Of an order's row."""
    return Party(row["name"], envelope({**row, "name": ""}))
