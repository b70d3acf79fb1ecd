"""A supplier's offers as his desk shows them, and what he changes of one there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.suppliers import may_send
from app.catalog import by_hand, suspending
from app.catalog.applying import tell_of
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, like, transaction
from app.inventory import receiving
from app.suppliers.feeds import API

PAGE = 50
LONGEST_QUERY = 100
STATES = {"": "All", "sale": "On sale", "out": "Sold out", "off": "Not on sale"}

_SHOWN = {
    "": "true",
    "sale": "o.withdrawn_at IS NULL AND s.free > 0",
    "out": "o.withdrawn_at IS NULL AND s.free <= 0",
    "off": "o.withdrawn_at IS NOT NULL",
}
_OFFERS = """
SELECT o.id, o.supplier_sku AS sku, p.name, v.options, v.gtin, v.sku AS our_sku, p.slug,
       o.list_price_minor, o.source_price_minor, o.source_currency, o.withdrawn_at, o.updated_at, p.id AS product,
       p.barred_at IS NOT NULL AS is_barred, s.on_hand, s.free
FROM offer o JOIN variant v ON v.id = o.variant JOIN product p ON p.id = v.product
CROSS JOIN LATERAL (SELECT coalesce(sum(on_hand), 0)::bigint AS on_hand,
                           coalesce(sum(on_hand - reserved), 0)::bigint AS free FROM stock WHERE offer = o.id) s
WHERE o.supplier = $1"""


@dataclass(frozen=True)
class OwnOffer:
    """An offer of the supplier who looks at it. `free` pieces of those on hand are held for nobody."""

    id: int
    sku: str
    name: str
    options: str
    gtin: str | None
    our_sku: str
    slug: str
    list_price_minor: int | None  # of the shop's currency
    source_price_minor: int  # as the supplier asked it, in minor units of source_currency
    source_currency: str
    withdrawn_at: datetime | None
    product: int
    is_barred: bool  # its product, by the shop
    updated_at: datetime
    on_hand: int
    free: int

    @property
    def state(self) -> str:
        """A key of STATES."""
        if self.withdrawn_at is not None:
            return "off"
        return "sale" if self.free > 0 else "out"


@dataclass(frozen=True)
class Shelf:
    """Pieces of an offer in a warehouse."""

    code: str
    name: str
    on_hand: int
    reserved: int


async def listed(supplier: int, words: str = "", state: str = "", after: str = "") -> tuple[list[OwnOffer], str]:
    """A page of the supplier's offers by their SKUs, and the SKU to ask `after` for the next one ("": it is the last).

    Args:
        words: part of a SKU or a name, or a whole GTIN.
        state: a key of STATES.
    """
    rows = await fetch(
        f"""{_OFFERS} AND o.supplier_sku > $2 AND ({_SHOWN[state]})
            AND ($3 = '' OR o.supplier_sku ILIKE $3 OR p.name ILIKE $3 OR v.gtin = $4)
            ORDER BY o.supplier_sku LIMIT $5""",
        supplier,
        after,
        like(words[:LONGEST_QUERY]),
        words,
        PAGE + 1,
    )
    found = [_offer(row) for row in rows[:PAGE]]
    return found, found[-1].sku if len(rows) > PAGE else ""


async def one(supplier: int, offer: int) -> OwnOffer:
    """Raises LookupError: it is not his, or there is none."""
    row = await fetch_one(f"{_OFFERS} AND o.id = $2", supplier, offer)
    if row is None:
        raise LookupError(f"no offer {offer}")
    return _offer(row)


async def is_there(supplier: int, sku: str) -> int:
    """The id of the supplier's offer with this SKU; 0 if there is none."""
    row = await fetch_one("SELECT id FROM offer WHERE supplier = $1 AND supplier_sku = $2", supplier, sku)
    return int(row["id"]) if row else 0


async def shelves(offer: int) -> list[Shelf]:
    """In every warehouse of the shop, by their codes."""
    rows = await fetch(
        """SELECT w.code, w.name, coalesce(s.on_hand, 0) AS on_hand, coalesce(s.reserved, 0) AS reserved
           FROM warehouse w LEFT JOIN stock s ON s.warehouse = w.id AND s.offer = $1 ORDER BY w.code""",
        offer,
    )
    return [Shelf(**dict(row)) for row in rows]


async def change(
    account: int,
    supplier: int,
    offer: OwnOffer,
    price: tuple[int, str],
    pieces: Mapping[str, int],
    seen: Mapping[str, int],
) -> None:
    """Put the offer on sale at this price, with these pieces.

    Args:
        account: who changes it, of its supplier.
        price: minor units, and their currency.
        pieces: warehouse code → pieces on hand; `seen`: those that the supplier was shown.

    Raises:
        SupplierNotApproved, RateMissing, CountedMeanwhile, Held: see there. Nothing is changed then.
    """
    async with transaction():
        await suspending.expect_bars()
        feed = await _begin(account, supplier, offer)
        product = await by_hand.set_price(offer.id, feed, *price)
        await receiving.count(offer.id, pieces, seen)
        await suspending.hide(supplier, [offer.id])  # by an operator, at this moment
        await tell_of({product}, set(), now())


async def take_off(account: int, supplier: int, offer: OwnOffer) -> None:
    """Nobody can buy it any more; what is reserved still will be sent.

    Raises:
        SupplierNotApproved: see there.
    """
    async with transaction():
        feed = await _begin(account, supplier, offer)
        product = await by_hand.take_off(offer.id, feed)
        await receiving.withdraw([offer.id])
        await tell_of({product}, set(), now())


async def _begin(account: int, supplier: int, offer: OwnOffer) -> int:
    """A record of the change among the supplier's feeds, by whose ids it is newer than what is being read; its id."""
    await may_send(supplier)
    await execute("SELECT id FROM offer WHERE id = $1 FOR UPDATE", offer.id)  # first: then its feeds' ids are in order
    row = await fetch_one(
        """INSERT INTO feed (supplier, account, filename, path, content_hash, size, mode, format, state, failure,
                             received, rejected, warned, batches, created_at, read_at, finished_at)
           VALUES ($1, $2, $3, '', '', 0, 'delta', $4, 'finished', '', 1, 0, 0, 0, $5, $5, $5) RETURNING id""",
        supplier,
        account,
        offer.sku,
        API,
        now(),
    )
    assert row is not None
    return int(row["id"])


def _offer(row: Any) -> OwnOffer:
    return OwnOffer(**{**dict(row), "options": ", ".join(json.loads(row["options"]).values())})
