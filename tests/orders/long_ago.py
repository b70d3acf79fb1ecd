"""Orders of March 2024."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from app.accounts.owners import Owner
from app.infra.clock import frozen
from app.infra.database import execute, fetch
from app.orders import months
from app.orders.placing import Placed
from app.web.visitors import hash_token
from tests.orders.sending import arrived, paid
from tests.world import World

OLD = 202403
THEN = datetime(2024, 3, 20, 12, tzinfo=UTC)
MINE = Owner(None, hash_token("mine"))


@pytest.fixture
async def old(world: World) -> AsyncIterator[World]:
    """March 2024 is one of the months."""
    await execute("SELECT make_order_month($1)", OLD)
    yield world
    await execute("TRUNCATE order_key CASCADE")
    for table in reversed(months.TABLES):
        await execute(f"ALTER TABLE {table} DETACH PARTITION {table}_{OLD}")
        await execute(f"DROP TABLE {table}_{OLD}")
    await execute("DELETE FROM order_month WHERE month = $1", OLD)


async def old_order(world: World, owner: Owner = MINE, quantity: int = 1) -> Placed:
    """Placed in March 2024, and delivered."""
    with frozen(THEN):
        order = await paid(world, await world.product(stock={"LIS": 9}), quantity=quantity, owner=owner)
        await arrived(order)
    return order


async def where(order: Placed) -> set[str]:
    """The partitions in which something of the order lies."""
    rows = await fetch(
        """SELECT tableoid::regclass::text AS name FROM shop_order WHERE id = $1
           UNION SELECT tableoid::regclass::text FROM order_move WHERE "order" = $1
           UNION SELECT l.tableoid::regclass::text FROM order_line l JOIN parcel p ON p.id = l.parcel
                 WHERE p."order" = $1
           UNION SELECT m.tableoid::regclass::text FROM parcel_move m JOIN parcel p ON p.id = m.parcel
                 WHERE p."order" = $1""",
        order.id,
    )
    return {row["name"] for row in rows}
