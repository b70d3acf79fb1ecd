"""What the tables of the catalogue refer to is there and stays there, whoever deletes it meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from app.infra.bulk import copy
from app.infra.database import execute, fetch, transaction
from app.infra.settings import settings
from tests.world import World

NOWHERE = 10**9

STOCK = "INSERT INTO stock (offer, warehouse, on_hand, reserved) VALUES ($1, $2, 1, 0)"


@asynccontextmanager
async def another() -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn=settings().database_url)
    try:
        yield connection
    finally:
        await connection.close()


async def waits(statement: "asyncio.Task[str]") -> bool:
    """Whether it is held up by somebody's lock: until PostgreSQL says so, or it is through."""
    while not statement.done():
        rows = await fetch("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        if rows:
            return True
    return False


async def warehouse() -> int:
    rows = await fetch(
        """INSERT INTO warehouse (code, name, place, postcode, timezone) VALUES ('TMP', 'T', 'T', '1', 'UTC')
           RETURNING id"""
    )
    return int(rows[0]["id"])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE product SET category = $1",
        "UPDATE product SET owner = $1",
        "UPDATE variant SET product = $1",
        "UPDATE offer SET variant = $1",
        "UPDATE offer SET supplier = $1",
        "UPDATE stock SET offer = $1",
        "UPDATE stock SET warehouse = $1",
        "INSERT INTO stock (offer, warehouse, on_hand, reserved) SELECT $1, warehouse, 1, 0 FROM stock LIMIT 1",
        "INSERT INTO stock (offer, warehouse, on_hand, reserved) SELECT offer, $1, 1, 0 FROM stock LIMIT 1",
    ],
)
async def test_nothing_refers_to_what_is_not_there(statement: str, world: World) -> None:
    await world.product()
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await execute(statement, NOWHERE)


@pytest.mark.parametrize("table", ["supplier", "category", "warehouse", "product", "variant", "offer"])
async def test_what_is_referred_to_is_not_deleted_nor_numbered_anew(table: str, world: World) -> None:
    await world.product()
    (row,) = await fetch(
        f"""SELECT {table}.id FROM stock JOIN offer ON offer.id = stock.offer JOIN variant ON variant.id = offer.variant
            JOIN product ON product.id = variant.product JOIN supplier ON supplier.id = offer.supplier
            JOIN category ON category.id = product.category JOIN warehouse ON warehouse.id = stock.warehouse"""
    )
    for statement in (f"DELETE FROM {table} WHERE id = $1", f"UPDATE {table} SET id = id + 1000000 WHERE id = $1"):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await execute(statement, row["id"])


async def test_of_many_new_rows_one_that_refers_to_nothing_refuses_all(world: World) -> None:
    made = await world.product(stock={})
    place = await warehouse()
    with pytest.raises(asyncpg.ForeignKeyViolationError, match=f"offer {NOWHERE}"):
        async with transaction():
            rows = [(made.offer, place, 1, 0), (NOWHERE, place, 1, 0)]
            await copy("stock", ("offer", "warehouse", "on_hand", "reserved"), rows)
    assert await fetch("SELECT 1 FROM stock WHERE offer = $1", made.offer) == []


async def test_who_deletes_waits_for_who_refers_and_is_refused(world: World) -> None:
    made, place = await world.product(stock={}), await warehouse()
    async with another() as one, another() as other:
        running = one.transaction()
        await running.start()
        await one.execute(STOCK, made.offer, place)
        deleting = asyncio.create_task(other.execute("DELETE FROM warehouse WHERE id = $1", place))
        assert await waits(deleting)
        await running.commit()
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await deleting


async def test_who_refers_waits_for_who_deletes_and_is_refused(world: World) -> None:
    made, place = await world.product(stock={}), await warehouse()
    async with another() as one, another() as other:
        running = one.transaction()
        await running.start()
        await one.execute("DELETE FROM warehouse WHERE id = $1", place)
        referring = asyncio.create_task(other.execute(STOCK, made.offer, place))
        assert await waits(referring)
        await running.commit()
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await referring


async def test_who_refers_goes_on_when_the_deletion_is_taken_back(world: World) -> None:
    made, place = await world.product(stock={}), await warehouse()
    async with another() as one, another() as other:
        running = one.transaction()
        await running.start()
        await one.execute("DELETE FROM warehouse WHERE id = $1", place)
        referring = asyncio.create_task(other.execute(STOCK, made.offer, place))
        assert await waits(referring)
        await running.rollback()
        await referring
    assert len(await fetch("SELECT 1 FROM stock WHERE warehouse = $1", place)) == 1
