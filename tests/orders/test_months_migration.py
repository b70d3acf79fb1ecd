"""The change to orders by month loses nothing of a shop that has orders already."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.migrating import database_before, migrate

CHANGE = "2026-11-28T09:42:00:000000"
TABLES = ("shop_order", "parcel", "order_line", "order_move", "parcel_move", "invoice", "order_return", "return_line")
ORDERS = """
INSERT INTO shop_order (number, state, checkout_key, placed_at, words)
SELECT 'F-2401-' || n, 'delivered', gen_random_uuid(), '2024-01-01', '' FROM generate_series(1, 50) n;
INSERT INTO parcel ("order", number, state) SELECT id, 1, 'delivered' FROM shop_order;
INSERT INTO order_line (parcel, name, quantity, vat_percent) SELECT id, 'Lamp ' || id, 2, 23 FROM parcel;
INSERT INTO order_move ("order", to_state) SELECT id, 'pending' FROM shop_order;
INSERT INTO parcel_move (parcel, from_state, to_state, actor, note, moved_at)
SELECT id, 'waiting', 'packed', '', '', now() FROM parcel;
INSERT INTO invoice ("order", number, facts, issued_at) SELECT id, number, '{}', now() FROM shop_order;
INSERT INTO order_return ("order", number, state, reason, requested_at)
SELECT id, 1, 'refunded', '', now() FROM shop_order;
INSERT INTO return_line ("return", line, pieces) SELECT r.id, l.id, 1 FROM order_return r JOIN parcel p USING ("order")
JOIN order_line l ON l.parcel = p.id;
"""


@pytest.fixture
async def shop(environment: None) -> AsyncIterator[Any]:
    async with database_before(CHANGE) as connection:
        yield connection


async def rows_of(shop: Any) -> dict[str, list[Any]]:
    return {table: [dict(row) for row in await shop.fetch(f"SELECT * FROM {table} ORDER BY id")] for table in TABLES}


async def test_all_rows_are_there_and_new_ones_follow(shop: Any) -> None:
    await shop.execute(ORDERS)
    before = await rows_of(shop)
    await migrate(CHANGE)
    after = await rows_of(shop)
    for row in after["return_line"]:
        assert row.pop("parcel") == before["order_line"][row["line"] - 1]["parcel"]
    assert after == before
    assert await shop.fetchval("SELECT count(*) FROM order_key k JOIN shop_order o ON o.id = k.order") == 50
    assert await shop.fetchval("SELECT count(DISTINCT tableoid) FROM shop_order") == 1
    # What is unique stays so, old with new, and what refers to an old order is still held to it.
    old = before["shop_order"][0]
    for number, key in ((old["number"], old["checkout_key"]), (old["number"], None), ("F-1", old["checkout_key"])):
        with pytest.raises(asyncpg.UniqueViolationError):
            await shop.execute(
                "INSERT INTO order_key VALUES (new_order_id(now()), $1, coalesce($2, gen_random_uuid()))", number, key
            )
    for change in ("DELETE FROM shop_order", "DELETE FROM order_line", "DELETE FROM parcel", "DELETE FROM order_key"):
        with pytest.raises((asyncpg.ForeignKeyViolationError, asyncpg.RestrictViolationError)):
            await shop.execute(change)
    new = await shop.fetchval("SELECT new_order_id(now())")
    assert new % 10**10 == 54 and new > 10**15  # 51 to 53 were refused
    parcel, order = await shop.fetchrow("SELECT new_parcel_id($1), new_parcel_id(1)", new)
    assert (parcel // 10**10, order // 10**10) == (new // 10**10, 0)
    assert await shop.fetchval("SELECT nextval(pg_get_serial_sequence('order_line', 'id'))") == 51
