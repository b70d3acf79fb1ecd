"""Dry runs: a feed is read and judged as always, and compared with the supplier's offers instead of changing them.

What would happen is counted on the feed; of each kind of change the first ones are kept as examples.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from app.catalog.withdrawing import has_to_wait
from app.infra.database import execute, fetch, fetch_one
from app.infra.money import SHOP_CURRENCY
from app.suppliers.rows import Row

EXAMPLES = {"added": 60, "changed": 80, "withdrawn": 60}


class Change(msgspec.Struct, frozen=True):
    """What would happen to one offer. Prices are minor units of their currency; `fields` say in words what differs."""

    kind: str
    sku: str
    title: str
    price_before: int | None = None
    currency_before: str | None = None
    price_after: int | None = None
    currency_after: str | None = None
    fields: Sequence[str] = ()


async def compare(feed: int, supplier: int, rows: Sequence[Row]) -> None:
    """Count what good rows of a dry run would add and change; in the caller's transaction."""
    known = await _known(supplier, rows)
    added = [row for row in rows if row.sku not in known or known[row.sku]["withdrawn_at"] is not None]
    new = {row.sku for row in added}
    changed = [
        row for row in rows if row.sku not in new and known[row.sku]["row_hash"] != bytes.fromhex(row.content_hash)
    ]
    counted = await fetch_one(
        """UPDATE feed SET would_add = would_add + $2, would_change = would_change + $3 WHERE id = $1
           RETURNING would_add - $2 AS added, would_change - $3 AS changed""",
        feed,
        len(added),
        len(changed),
    )
    assert counted is not None
    added, changed = added[: _room("added", counted["added"])], changed[: _room("changed", counted["changed"])]
    offers = await _offers(supplier, [row.sku for row in (*added, *changed)])
    examples = [_change("added", row, offers.get(row.sku)) for row in added]
    await _keep(feed, examples + [_change("changed", row, offers[row.sku]) for row in changed])


async def note_withdrawals(feed: int, supplier: int, unlisted: Sequence[int]) -> None:
    """Count the offers (ids) that a dry run, read to its end, would withdraw; in the caller's transaction."""
    on_sale = await fetch_one(
        "SELECT count(*) AS offers FROM offer WHERE supplier = $1 AND withdrawn_at IS NULL", supplier
    )
    waits = has_to_wait(len(unlisted), on_sale["offers"] if on_sale else 0)
    await execute("UPDATE feed SET would_withdraw = $2, would_wait = $3 WHERE id = $1", feed, len(unlisted), waits)
    rows = await fetch(
        """SELECT o.supplier_sku, o.source_price_minor, o.source_currency, p.name
           FROM offer o JOIN variant v ON v.id = o.variant JOIN product p ON p.id = v.product
           WHERE o.id = ANY($1) ORDER BY o.id""",
        unlisted[: EXAMPLES["withdrawn"]],
    )
    await _keep(
        feed,
        [
            Change(
                "withdrawn", row["supplier_sku"], row["name"][:300], row["source_price_minor"], row["source_currency"]
            )
            for row in rows
        ],
    )


async def examples_of(feed: int) -> dict[str, list[Any]]:
    """Kind → examples of what the dry run would change, in the order of the file."""
    rows = await fetch("SELECT * FROM feed_change WHERE feed = $1 ORDER BY id", feed)
    return {kind: [row for row in rows if row["kind"] == kind] for kind in EXAMPLES}


def _room(kind: str, counted: int) -> int:
    return max(EXAMPLES[kind] - counted, 0)


async def _known(supplier: int, rows: Sequence[Row]) -> Mapping[str, Any]:
    found = await fetch(
        "SELECT supplier_sku, row_hash, withdrawn_at FROM offer WHERE supplier = $1 AND supplier_sku = ANY($2)",
        supplier,
        [row.sku for row in rows],
    )
    return {offer["supplier_sku"]: offer for offer in found}


async def _offers(supplier: int, skus: Sequence[str]) -> Mapping[str, Any]:
    """Offers with all that can be compared with a row."""
    found = await fetch(
        """SELECT o.supplier_sku, o.withdrawn_at, o.source_price_minor, o.source_currency, o.list_price_minor,
                  o.handling_days, v.gtin, v.options, p.name, p.brand, p.description, p.owner,
                  (SELECT jsonb_object_agg(w.code, s.on_hand) FROM stock s JOIN warehouse w ON w.id = s.warehouse
                   WHERE s.offer = o.id AND s.on_hand > 0) AS stock
           FROM offer o JOIN variant v ON v.id = o.variant JOIN product p ON p.id = v.product
           WHERE o.supplier = $1 AND o.supplier_sku = ANY($2)""",
        supplier,
        skus,
    )
    return {offer["supplier_sku"]: offer for offer in found}


def _change(kind: str, row: Row, offer: Any | None) -> Change:
    price, currency = (offer["source_price_minor"], offer["source_currency"]) if offer else (None, None)
    fields = [] if offer is None else ["on sale again"] if kind == "added" else _fields(row, offer)
    return Change(kind, row.sku, row.title[:300], price, currency, row.price_minor, row.currency, fields)


def _fields(row: Row, offer: Any) -> list[str]:
    """In words, what differs. Some things cannot be compared one by one; they are "other details"."""
    differs = {
        "price": (row.price_minor, row.currency) != (offer["source_price_minor"], offer["source_currency"]),
        "price before the reduction": row.currency == SHOP_CURRENCY and _list_price(row) != offer["list_price_minor"],
        "stock": row.stock is not None and {k: n for k, n in row.stock.items() if n} != _decoded(offer["stock"]),
        "handling time": (row.handling_days or 0) != offer["handling_days"],
        "options": row.options != _decoded(offer["options"]),
        "GTIN": row.gtin != offer["gtin"],
        **(_product_differs(row, offer) if row.group is None else {}),
    }
    return [name for name, is_so in differs.items() if is_so] or ["other details"]


def _product_differs(row: Row, offer: Any) -> dict[str, bool]:
    names = {"title": "name", "brand": "brand", "description": "description"}
    return {word: getattr(row, word) != offer[column] for word, column in names.items()}


def _list_price(row: Row) -> int | None:
    return row.list_price_minor if row.list_price_minor and row.list_price_minor > row.price_minor else None


def _decoded(found: str | None) -> dict[str, Any]:
    decoded: dict[str, Any] = msgspec.json.decode(found) if isinstance(found, str) else found or {}
    return decoded


async def _keep(feed: int, changes: Sequence[Change]) -> None:
    for one in changes:
        await execute(
            """INSERT INTO feed_change
                 (feed, kind, sku, title, price_before, currency_before, price_after, currency_after, fields)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
            feed,
            *msgspec.structs.astuple(one),
        )
