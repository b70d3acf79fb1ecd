"""What PostgreSQL itself can do: rows by COPY, into a bare table and into tables like the shop's."""

import time
from pathlib import Path

import asyncpg

from app.infra.settings import settings
from bench.rows import COLUMNS

TABLES = ("product", "variant", "offer", "stock")  # each refers only to those before it


async def copy_texts(path: Path, rows: int) -> float:
    """Rows per second of a CSV file into a table of texts without any key."""
    connection = await asyncpg.connect(settings().database_url)
    try:
        await connection.execute(f"CREATE TABLE bare ({', '.join(f'{name} text' for name in COLUMNS)})")
        started = time.perf_counter()
        await connection.copy_to_table("bare", source=path, format="csv", header=True)
        seconds = time.perf_counter() - started
        await connection.execute("DROP TABLE bare")
    finally:
        await connection.close()
    return rows / seconds


async def copy_into_tables(folder: Path, rows: int) -> float:
    """Rows of the feed per second, when all that they became is copied into empty tables like those it is in."""
    connection = await asyncpg.connect(settings().database_url)
    seconds = 0.0
    try:
        for table in TABLES:
            await _make_twin(connection, table)
            await connection.copy_from_table(table, output=folder / table, format="binary")
            started = time.perf_counter()
            await connection.copy_to_table(f"bare_{table}", source=folder / table, format="binary")
            seconds += time.perf_counter() - started
            (folder / table).unlink()
        await connection.execute(f"DROP TABLE {', '.join(f'bare_{table}' for table in TABLES)}")
    finally:
        await connection.close()
    return rows / seconds


async def _make_twin(connection: asyncpg.Connection, table: str) -> None:
    """An empty table with the same indexes and checks, whose rows refer to those of the other twins."""
    await connection.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
    triggers = await connection.fetch(
        "SELECT pg_get_triggerdef(oid) AS said FROM pg_trigger WHERE tgrelid = $1::regclass AND tgnewtable IS NOT NULL",
        table,
    )
    for trigger in triggers:
        said = trigger["said"].replace(f" ON public.{table} ", f" ON bare_{table} ")
        for other in TABLES:
            said = said.replace(f", '{other}')", f", 'bare_{other}')")
        await connection.execute(said)
