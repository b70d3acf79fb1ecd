"""The statements that placing orders takes, written down while the shop runs them and run again by asyncpg alone."""

import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from unittest import mock

from app.infra.database import ShopEngine, fetch
from app.inventory.reservations import HOLD
from app.orders.months import MONTH

# Ids that no other number can be taken for: of the rows that an order makes, and of stock.
OURS, STOCKS = 10_000_000, 50_000_000
TABLES = ("shop_order", "parcel", "order_line", "order_move", "payment_attempt", "reservation", "order_key")


@dataclass(frozen=True)
class Statement:
    sql: str
    args: Sequence[Any]
    ids: tuple[int, ...]  # of the rows that it made


Recording = list[Statement]

_recording: ContextVar[Recording | None] = ContextVar("recording", default=None)


@asynccontextmanager
async def recorded() -> AsyncIterator[Callable[[], Recording]]:
    """Within, each task that asks for a recording has its statements written down in it."""
    run = ShopEngine.run_sql

    async def run_and_write(self: ShopEngine, sql: str, args: Sequence[Any]) -> list[Any]:
        rows = await run(self, sql, args)
        recording = _recording.get()
        if recording is not None:
            recording.append(Statement(sql, list(args), tuple(row["id"] for row in rows if _is_ours(row))))
        return rows

    def begin() -> Recording:
        recording: Recording = []
        _recording.set(recording)
        return recording

    with mock.patch.object(ShopEngine, "run_sql", run_and_write):
        yield begin


def _is_ours(row: Any) -> bool:
    found = dict(row).get("id")
    return isinstance(found, int) and OURS <= found % MONTH < STOCKS


async def replay(connection: Any, recording: Recording, replaced: dict[int, int] | None = None) -> None:
    """One order in one transaction: the same statements with the ids that they get this time.

    Args:
        replaced: ids that are others from the start.
    """
    async with connection.transaction():
        await _run(connection, recording, dict(replaced or {}))


async def replay_together(connection: Any, recordings: Sequence[Recording]) -> None:
    """Several orders in one transaction that holds of each stock once, at its end: a micro-batch."""
    held: dict[int, int] = {}
    async with connection.transaction():
        for recording in recordings:
            await _run(connection, [each for each in recording if each.sql != HOLD], {})
            for statement in recording:
                if statement.sql == HOLD:
                    for stock, quantity in zip(*statement.args, strict=True):
                        held[stock] = held.get(stock, 0) + quantity
        if len(await connection.fetch(HOLD, list(held), list(held.values()))) < len(held):
            raise RuntimeError("a batch found too little stock")


async def _run(connection: Any, recording: Recording, ids: dict[int, int]) -> None:
    for statement in recording:
        rows = await connection.fetch(statement.sql, *(_with(ids, value) for value in statement.args))
        if statement.sql == HOLD and not rows:
            raise RuntimeError("too little stock")
        if statement.ids:
            ids.update(zip(statement.ids, (row["id"] for row in rows), strict=True))


def _with(ids: dict[int, int], value: Any) -> Any:
    if isinstance(value, list):
        return [_with(ids, each) for each in value]
    return ids.get(value, value) if type(value) is int else value


async def start_anew() -> None:
    """No order was ever placed, and the next gets the ids of before."""
    await fetch(f"TRUNCATE {', '.join(TABLES)}, outbox RESTART IDENTITY CASCADE")
    await fetch("UPDATE stock SET reserved = 0")
    await fetch("VACUUM ANALYZE stock")
    for table in ("shop_order", "parcel"):
        await fetch(f"SELECT setval('{table}_id_seq', {OURS * (2 + TABLES.index(table))})")


def bucket(hot: int, buckets: Sequence[int]) -> dict[int, int]:
    """The hot stock becomes one of its buckets."""
    return {hot: random.choice(buckets)}
