"""Placing an order: once per key, at the confirmed price, with the stock held, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.accounts.owners import Owner
from app.catalog import taxes
from app.catalog.describing import NOTE
from app.catalog.taxes import Taxed
from app.discounts.giving import Shopper, take
from app.events.outbox import publish
from app.infra.clock import now, today
from app.infra.database import execute, fetch, fetch_one, transaction
from app.infra.money import SHOP_CURRENCY
from app.infra.settings import settings
from app.inventory.reservations import OutOfStock, hold, look_for
from app.orders.numbers import new_number
from app.orders.wanted import Address, Wanted
from app.payments.attempts import open_attempt

ADDRESS_FIELDS = tuple(field.name for field in fields(Address))
# Of the goods, so that later changes do not touch the order.
COPIED = ("slug", "sku", "name", "note", "options", "image", "vat_percent")

# The key's row is what is unique over all months. Its id begins with the month in which the order was placed.
_ORDER = f"""
WITH free AS (INSERT INTO order_key ("order", number, checkout_key)
  VALUES (new_order_id(${15 + len(ADDRESS_FIELDS)}), $1, ${12 + len(ADDRESS_FIELDS)})
  ON CONFLICT DO NOTHING RETURNING "order")
INSERT INTO shop_order (id, number, account, visitor, state, {", ".join(ADDRESS_FIELDS)}, currency, items_minor,
                        delivery_minor, discount_minor, discount_code, total_minor, vat_minor, is_net,
                        checkout_key, request_hash, reserved_until, placed_at, words)
SELECT free."order", $1, $2, $3, 'pending', {", ".join(f"${4 + n}" for n in range(len(ADDRESS_FIELDS)))},
        {", ".join(f"${4 + len(ADDRESS_FIELDS) + n}" for n in range(12))},
        order_words($2, $3, $1::varchar || ' ' || ${16 + len(ADDRESS_FIELDS)}::text)
FROM free RETURNING id"""  # noqa: S608 - only constants are put in

_PARCELS = """
INSERT INTO parcel (id, "order", number, supplier, warehouse, service_level, delivery_minor, promised_on)
SELECT new_parcel_id($1), $1, p.number, p.supplier, warehouse.id, p.level, p.delivery_minor, p.promised_on
FROM unnest($2::smallint[], $3::bigint[], $4::text[], $5::text[], $6::int[], $7::date[])
       AS p(number, supplier, code, level, delivery_minor, promised_on)
JOIN warehouse ON warehouse.code = p.code RETURNING id, number"""

_LINES = """
INSERT INTO order_line (parcel, offer, product_slug, sku, name, note, options, image, vat_percent, quantity,
                        unit_price_minor, discount_minor)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[],
                     $8::text[], $9::numeric[], $10::int[], $11::int[], $12::bigint[])"""


@dataclass(frozen=True)
class Placed:
    id: int
    number: str


class KeyReused(Exception):
    """The key belongs to an order of other content, or of somebody else."""


class PriceChanged(Exception):
    """Offers cost something else than was confirmed, VAT on top of it included, or are no longer sold: their ids."""

    def __init__(self, offers: set[int]) -> None:
        super().__init__(f"offers {sorted(offers)} changed")
        self.offers = offers


async def placed_before(key: UUID, request_hash: bytes, owner: Owner) -> Placed | None:
    """The order that the same form has placed already.

    Raises:
        KeyReused: the key was used for something else.
    """
    row = await fetch_one(
        """SELECT id, number, account, visitor, request_hash FROM shop_order
           WHERE id = (SELECT "order" FROM order_key WHERE checkout_key = $1)""",
        key,
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
        KeyReused, PriceChanged, OutOfStock, NotGiven: nothing was placed.
    """
    async with transaction():
        goods = await _priced(wanted)
        vat = _vat(wanted, goods)
        if taxes.on_top(vat) != wanted.vat_on_top_minor:
            raise PriceChanged(set(goods))
        wants = [(line.offer_id, parcel.warehouse, line.quantity) for parcel in wanted.parcels for line in parcel.lines]
        try:
            stock = await look_for(wants)
        except OutOfStock:
            before = await placed_before(wanted.key, wanted.request_hash, wanted.owner)
            if before is None:
                raise
            return before  # it took the last pieces itself
        until = next(iter(goods.values()))["asked_at"] + timedelta(minutes=settings().reservation_minutes)
        placed = await _insert_order(wanted, goods, vat, until)
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
        await open_attempt(placed.id, settings().payment_provider, wanted.total_minor, SHOP_CURRENCY)
        await publish("orders", placed.number, {"kind": "placed", "order": placed.id, "number": placed.number})
        if wanted.discount:
            shopper = Shopper(wanted.owner.account, wanted.address.email)
            await take(wanted.discount, placed.id, shopper, wanted.items_minor, wanted.discount_minor)
        await hold(placed.id, stock, until)  # last: other buyers wait for these rows
    return placed


async def _priced(wanted: Wanted) -> dict[int, Any]:
    """Offer id -> its goods as they are now in PostgreSQL, with the database's time."""
    rows = await fetch(
        f"""SELECT o.id, o.price_minor, variant.sku, variant.options, {NOTE} AS note, product.slug, product.name,
                  coalesce(nullif(variant.image, ''), product.image) AS image, now() AS asked_at,
                  vat_percent(product.category, $2, $3)
           FROM offer o JOIN variant ON variant.id = o.variant JOIN product ON product.id = variant.product
             JOIN supplier s ON s.id = o.supplier
           WHERE o.id = ANY($1) AND o.withdrawn_at IS NULL AND s.state <> 'suspended'""",  # noqa: S608 - only a constant
        [line.offer_id for line in wanted.lines],
        wanted.address.country,
        today(),
    )
    goods = {row["id"]: {**row, "vat_percent": taxes.rate_or_usual(row["vat_percent"])} for row in rows}
    changed = {
        line.offer_id
        for line in wanted.lines
        if line.offer_id not in goods or goods[line.offer_id]["price_minor"] != line.unit_price_minor
    }
    if changed or not goods:
        raise PriceChanged(changed)
    return goods


async def with_vat(wanted: Wanted) -> Wanted:
    """The same order with the VAT that comes on top of it as it is now, for whoever has shown it to nobody.

    Raises:
        PriceChanged: see there.
    """
    return replace(wanted, vat_on_top_minor=taxes.on_top(_vat(wanted, await _priced(wanted))))


async def _insert_order(
    wanted: Wanted, goods: Mapping[int, Any], vat: Sequence[Taxed], until: datetime
) -> Placed | None:
    """None when the key is taken. A number that is taken is replaced by another."""
    for _ in range(5):
        number = new_number()
        row = await fetch_one(
            _ORDER,
            number,
            wanted.owner.account,
            wanted.owner.visitor,
            *(getattr(wanted.address, name) for name in ADDRESS_FIELDS),
            SHOP_CURRENCY,
            wanted.items_minor,
            wanted.delivery_minor,
            wanted.discount_minor,
            wanted.discount.code if wanted.discount else "",
            wanted.total_minor,
            sum(each.vat_minor for each in vat),
            settings().prices_are_net,
            wanted.key,
            wanted.request_hash,
            until,
            now(),
            " ".join(f"{each['name']} {each['note']}" for each in goods.values()),
        )
        if row:
            return Placed(row["id"], number)
        if await fetch_one('SELECT "order" FROM order_key WHERE checkout_key = $1', wanted.key):
            return None
    raise RuntimeError("no free order number found")


def _vat(wanted: Wanted, goods: Mapping[int, Any]) -> list[Taxed]:
    is_net = settings().prices_are_net
    return taxes.by_rate(
        taxed
        for parcel in wanted.parcels
        for taxed in taxes.of_parcel(
            [Taxed(goods[line.offer_id]["vat_percent"], line.amount_minor, is_net) for line in parcel.lines],
            parcel.delivery_minor,
        )
    )


async def _insert_parcels(order_id: int, wanted: Wanted, goods: Mapping[int, Any]) -> None:
    parcels = list(enumerate(wanted.parcels, start=1))
    rows = await fetch(
        _PARCELS,
        order_id,
        [number for number, _ in parcels],
        [parcel.supplier_id for _, parcel in parcels],
        [parcel.warehouse for _, parcel in parcels],
        [parcel.service_level for _, parcel in parcels],
        [parcel.delivery_minor for _, parcel in parcels],
        [parcel.promised_on for _, parcel in parcels],
    )
    ids = {row["number"]: row["id"] for row in rows}
    lines = [(ids[number], line, goods[line.offer_id]) for number, parcel in parcels for line in parcel.lines]
    await execute(
        _LINES,
        [parcel for parcel, _, _ in lines],
        [line.offer_id for _, line, _ in lines],
        *([good[name] for _, _, good in lines] for name in COPIED),
        [line.quantity for _, line, _ in lines],
        [line.unit_price_minor for _, line, _ in lines],
        [line.discount_minor for _, line, _ in lines],
    )
