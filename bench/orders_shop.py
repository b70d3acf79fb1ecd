"""A shop that has much of everything, and one thing that everybody wants: what orders are placed of."""

from dataclasses import dataclass

from app.infra.clock import now
from app.infra.database import fetch, fetch_one
from bench.orders_bare import STOCKS

GOODS = 500
PLENTY = 1_000_000
PRICE = 1_000  # minor units, of everything
HOUSES = ("AAA", "BBB", "CCC")
BUCKETS = 16


@dataclass(frozen=True)
class Stall:
    supplier: int
    offers: list[int]
    hot: int  # the offer that everybody wants
    stock: dict[tuple[int, str], int]  # (offer, warehouse) -> id
    buckets: list[int]  # stocks that share the demand for the hot offer, for the statements alone


async def stall(houses: tuple[str, ...] = HOUSES, plenty: int = PLENTY, *, with_buckets: bool = True) -> Stall:
    """Makes everything; warehouses that are there already are used."""
    supplier = await _one(
        """INSERT INTO supplier (slug, name, place, about, currency, assumed_stock, default_warehouse, state,
                                 created_at)
           VALUES ('bench', 'Bench', '', '', 'EUR', 0, $2, 'approved', $1) RETURNING id""",
        now(),
        houses[0],
    )
    category = await _one(
        """INSERT INTO category (path, name, position, art_kind) VALUES ('bench', 'Bench', 0, 'parcel') RETURNING id"""
    )
    spare = [f"Z{number:02}" for number in range(BUCKETS)] if with_buckets else []
    await fetch(
        """INSERT INTO warehouse (code, name, place, postcode, timezone, holiday_subdivision)
           SELECT code, code, '', '1000-001', 'Europe/Lisbon', '' FROM unnest($1::text[]) AS code
           ON CONFLICT (code) DO NOTHING""",
        [*houses, *spare],
    )
    await fetch(
        """INSERT INTO product (owner, owner_key, slug, name, brand, note, description, category, attributes, image,
                                version, created_at, updated_at)
           SELECT $1, 'G' || n, 'thing-' || n, 'Thing ' || n, '', '', '', $2, '{}', '', 1, $3, $3
           FROM generate_series(0, $4) AS n""",
        supplier,
        category,
        now(),
        GOODS,
    )
    await fetch(
        """INSERT INTO variant (product, sku, options, image, note)
           SELECT id, 'F' || lpad(id::text, 6, '0'), '{}', '', '' FROM product"""
    )
    rows = await fetch(
        """INSERT INTO offer (variant, supplier, supplier_sku, price_minor, source_price_minor, source_currency,
                              handling_days, row_hash, feed, created_at, updated_at)
           SELECT id, $1, sku, $2::int, $2::int, 'EUR', 0, ''::bytea, 0, $3, $3 FROM variant ORDER BY id
           RETURNING id""",
        supplier,
        PRICE,
        now(),
    )
    offers = [row["id"] for row in rows]
    await fetch("SELECT setval('stock_id_seq', $1)", STOCKS)
    await fetch(
        """INSERT INTO stock (offer, warehouse, on_hand, reserved)
           SELECT offer, warehouse.id, $2, 0 FROM unnest($1::bigint[]) AS offer, warehouse
           WHERE warehouse.code = ANY($3) OR offer = $4 AND warehouse.code = ANY($5) ORDER BY offer, warehouse.id""",
        offers,
        plenty,
        list(houses),
        offers[0],
        spare,
    )
    await fetch("ANALYZE")
    found = await fetch("SELECT s.id, s.offer, w.code FROM stock s JOIN warehouse w ON w.id = s.warehouse")
    stock = {(row["offer"], row["code"]): row["id"] for row in found}
    return Stall(supplier, offers[1:], offers[0], stock, [stock[offers[0], code] for code in spare])


async def _one(question: str, *args: object) -> int:
    row = await fetch_one(question, *args)
    assert row is not None
    return int(row["id"])
