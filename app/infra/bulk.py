"""Many rows at once, past the statements that everything else uses: by COPY, in and out; and tidying up after them."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from app.infra.database import borrowed, transaction, transaction_connection
from app.infra.outages import answering

Computed = TypeVar("Computed")


async def vacuum(table: str, seconds: float) -> None:
    """Tidy a table up and count what is in it, which no transaction can; it may take so long."""
    async with borrowed() as connection:
        with answering(f"VACUUM {table}"):
            await connection.execute(f"VACUUM (ANALYZE) {table}", timeout=seconds)


async def copy(table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write new rows by COPY, in the running transaction: the fastest way in, with every constraint checked.

    Raises:
        RuntimeError: no transaction is running.
    """
    if rows:
        with answering(f"COPY {table}"):
            await transaction_connection().copy_records_to_table(table, records=rows, columns=columns)


async def copy_while(
    table: str, columns: Sequence[str], rows: Sequence[Sequence[object]], computing: Callable[[], Computed]
) -> Computed:
    """The same, with something computed in a thread meanwhile: else PostgreSQL and Python take turns at waiting.

    Raises:
        RuntimeError: no transaction is running.
        whatever `computing` raises, when the rows are written.
    """
    beside = asyncio.get_running_loop().run_in_executor(None, computing)
    try:
        await copy(table, columns, rows)
    finally:
        await asyncio.wait([beside])  # nothing goes on computing for a transaction that is over
    return beside.result()


async def copied(sql: str, *args: object) -> bytes:
    """What a query finds, as a binary COPY: for millions of rows, which need no objects."""
    chunks: list[bytes] = []

    async def keep(chunk: bytes) -> None:
        chunks.append(chunk)

    async with transaction():
        with answering(f"COPY of {' '.join(sql.split())[:80]}"):
            await transaction_connection().copy_from_query(sql, *args, output=keep, format="binary")
    return b"".join(chunks)
