"""Bring the database to the newest migration, one process at a time."""

import contextlib
import io
import os
from collections.abc import Sequence
from typing import Any

import asyncpg

from app.infra import needs
from app.infra.database import connected, fetch
from app.infra.outages import DatabaseUnavailable
from app.infra.root import ROOT
from app.infra.settings import settings

MIGRATIONS = ROOT / "migrations"
APPLIED = "SELECT name FROM migration WHERE app_name = 'shop'"
LOCK_KEY = 7_364_921_004  # any constant: all processes of this shop agree on it


async def migrate() -> list[str]:
    """Apply what is missing, under an advisory lock so that many nodes may start at once; returns what should be set
    otherwise in this PostgreSQL, in words.

    Raises:
        DatabaseUnavailable: nobody answers at DATABASE_URL.
        DatabaseUnfit: this PostgreSQL cannot hold a shop.
        RuntimeError: a migration failed; the message holds what Piccolo printed.
    """
    os.environ.setdefault("PICCOLO_CONF", "app.infra.piccolo_conf")
    try:
        lock = await asyncpg.connect(dsn=settings().database_url)
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        raise DatabaseUnavailable(f"DATABASE_URL: no PostgreSQL answers there: {error}") from error
    try:
        facts = await needs.ask(lock)
        needs.require(facts)
        await lock.execute("SELECT pg_advisory_lock($1)", LOCK_KEY)
        if not await _all_are_in(lock):
            await _forwards()
        return needs.advice(facts)
    finally:
        await lock.close()


async def _all_are_in(connection: asyncpg.Connection) -> bool:
    """Asked without Piccolo: to load it and all migrations takes longer than what most commands do."""
    there = await connection.fetchval("SELECT to_regclass('migration') IS NOT NULL")
    return bool(there) and _are_all(await connection.fetch(APPLIED))


def _are_all(applied: Sequence[Any]) -> bool:
    there = {_digits(row["name"]) for row in applied}
    return all(_digits(path.stem) in there for path in MIGRATIONS.glob("shop_*.py"))


def _digits(name: str) -> str:
    """The moment in a migration's id, which the name of its file writes otherwise."""
    return "".join(filter(str.isdigit, name))


async def _forwards() -> None:
    from piccolo.apps.migrations.commands.forwards import run_forwards

    printed = io.StringIO()
    async with connected(2):
        with contextlib.redirect_stdout(printed):
            result = await run_forwards(app_name="shop", migration_id="all")
    if not result.success:
        raise RuntimeError(f"migration failed: {result.message} {printed.getvalue()[-2000:]}")


async def is_current() -> bool:
    """Whether the database has every migration in `migrations/` (for readiness)."""
    return _are_all(await fetch(APPLIED))
