"""Placing an order: once per key, at the confirmed price, with the stock held, or not at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.query.mixins import OnConflictAction

from app.accounts.owners import Owner
from app.events.outbox import publish
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.infra.money import SHOP_CURRENCY, vat_included
from app.infra.settings import settings
from app.inventory.reservations import reserve
from app.orders.numbers import new_number
from app.orders.tables import Order, OrderLine, OrderState, Parcel
from app.orders.wanted import Wanted, WantedLine
from app.payments.attempts import open_attempt


@dataclass(frozen=True)
class Placed:
    id: int
    number: str


class KeyReused(Exception):
    """The key belongs to an order of other content, or of somebody else."""


class PriceChanged(Exception):
    """Offers cost something else than was confirmed, or are no longer sold: `offers` are their ids."""

    def __init__(self, offers: set[int]) -> None:
        super().__init__(f"offers {sorted(offers)} changed")
        self.offers = offers


async def placed_before(key: UUID, request_hash: bytes, owner: Owner) -> Placed | None:
    """The order that the same form has placed already.

    Raises:
        KeyReused: the key was used for something else.
    """
    row = await fetch_one(
        "SELECT id, number, account, visitor, request_hash FROM shop_order WHERE checkout_key = $1", key
    )
    if row is None:
        return None
    if row["request_hash"] != request_hash or Owner(row["account"], row["visitor"]) != owner:
        raise KeyReused
    return Placed(row["id"], row["number"])


async def place(wanted: Wanted) -> Placed:
    """Write the order with parcels, lines, history, payment attempt and event, and hold its stock: one transaction.

    The caller's transaction, if there is one, must end when this raises.

    Raises:
        KeyReused, PriceChanged, OutOfStock: nothing was placed.
    """
    async with transaction():
        goods = await _priced(wanted)
        until = next(iter(goods.values()))["asked_at"] + timedelta(minutes=settings().reservation_minutes)
        placed = await _insert_order(wanted, until)
        if placed is None:
            before = await placed_before(wanted.key, wanted.request_hash, wanted.owner)
            if before is None:
                raise KeyReused
            return before
        await _insert_parcels(placed.id, wanted, goods)
        await execute(
            """INSERT INTO order_move ("order", from_state, to_state, actor, note, moved_at)
               VALUES ($1, NULL, 'pending', 'shopper', '', $2)""",
            placed.id,
            now(),
        )
        total = wanted.items_minor + wanted.delivery_minor
        await open_attempt(placed.id, settings().payment_provider, total, SHOP_CURRENCY)
        await publish("orders", placed.number, {"kind": "placed", "order": placed.id, "number": placed.number})
        wants = [(line.offer_id, parcel.warehouse, line.quantity) for parcel in wanted.parcels for line in parcel.lines]
        await reserve(placed.id, wants, until)  # last: other buyers wait for these rows
    return placed


async def _priced(wanted: Wanted) -> dict[int, Any]:
    """Offer id -> its goods as they are now in PostgreSQL, with the database's time."""
    rows = await fetch(
        """SELECT o.id, o.price_minor, v.sku, v.options, coalesce(nullif(v.note, ''), p.note) AS note,
                  p.slug, p.name, coalesce(nullif(v.image, ''), p.image) AS image, now() AS asked_at
           FROM offer o JOIN variant v ON v.id = o.variant JOIN product p ON p.id = v.product
           WHERE o.id = ANY($1) AND o.withdrawn_at IS NULL""",
        [line.offer_id for line in wanted.lines],
    )
    goods = {row["id"]: row for row in rows}
    changed = {
        line.offer_id
        for line in wanted.lines
        if line.offer_id not in goods or goods[line.offer_id]["price_minor"] != line.unit_price_minor
    }
    if changed or not goods:
        raise PriceChanged(changed)
    return goods


async def _insert_order(wanted: Wanted, until: datetime) -> Placed | None:
    """None when the key is taken. A number that is taken is replaced by another."""
    for _ in range(5):
        order = _order(wanted, until)
        rows = await Order.insert(order).on_conflict(action=OnConflictAction.do_nothing).returning(Order.id)
        if rows:
            return Placed(rows[0]["id"], order.number)
        if await fetch_one("SELECT id FROM shop_order WHERE checkout_key = $1", wanted.key):
            return None
    raise RuntimeError("no free order number found")


def _order(wanted: Wanted, until: datetime) -> Order:
    total = wanted.items_minor + wanted.delivery_minor
    return Order(
        number=new_number(),
        account=wanted.owner.account,
        visitor=wanted.owner.visitor,
        state=OrderState.PENDING,
        **vars(wanted.address),
        currency=SHOP_CURRENCY,
        items_minor=wanted.items_minor,
        delivery_minor=wanted.delivery_minor,
        total_minor=total,
        vat_minor=vat_included(total),
        checkout_key=wanted.key,
        request_hash=wanted.request_hash,
        reserved_until=until,
        placed_at=now(),
    )


async def _insert_parcels(order_id: int, wanted: Wanted, goods: dict[int, Any]) -> None:
    codes = await fetch("SELECT id, code FROM warehouse")
    warehouses = {row["code"]: row["id"] for row in codes}
    parcels = [
        Parcel(
            order=order_id,
            number=number,
            supplier=parcel.supplier_id,
            warehouse=warehouses[parcel.warehouse],
            service_level=parcel.service_level,
            delivery_minor=parcel.delivery_minor,
            promised_on=parcel.promised_on,
        )
        for number, parcel in enumerate(wanted.parcels, start=1)
    ]
    ids = {row["number"]: row["id"] for row in await Parcel.insert(*parcels).returning(Parcel.id, Parcel.number)}
    await OrderLine.insert(
        *(
            _line(ids[number], line, goods[line.offer_id])
            for number, parcel in enumerate(wanted.parcels, start=1)
            for line in parcel.lines
        )
    )


def _line(parcel_id: int, line: WantedLine, goods: Any) -> OrderLine:
    return OrderLine(
        parcel=parcel_id,
        offer=line.offer_id,
        product_slug=goods["slug"],
        sku=goods["sku"],
        name=goods["name"],
        note=goods["note"],
        options=goods["options"],
        image=goods["image"],
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
    )
