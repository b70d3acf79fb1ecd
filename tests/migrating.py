"""A database as it was before a migration, to see what the migration makes of what is in it."""

import contextlib
import io
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from piccolo.apps.migrations.commands.forwards import run_forwards

from app.infra.database import connected
from app.infra.migrations import MIGRATIONS
from app.infra.settings import settings


@asynccontextmanager
async def database_before(migration: str) -> AsyncIterator[Any]:
    """A connection to a database of its own; `migrate` is about that one meanwhile."""
    name, whole = f"test_{secrets.token_hex(4)}", os.environ["DATABASE_URL"]
    admin = await asyncpg.connect(dsn=whole)
    await admin.execute(f'CREATE DATABASE "{name}"')
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", whole.replace(f"/{whole.split('/')[3].split('?')[0]}?", f"/{name}?"))
        patch.setenv("PICCOLO_CONF", "app.infra.piccolo_conf")
        settings.cache_clear()
        await migrate(_before(migration))
        connection = await asyncpg.connect(dsn=settings().database_url)
        yield connection
        await connection.close()
    settings.cache_clear()
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


def _before(migration: str) -> str:
    stems = sorted(path.stem.upper().removeprefix("SHOP_") for path in MIGRATIONS.glob("shop_*.py"))
    ids = ["{}-{}-{}:{}:{}:{}".format(*stem.split("_")) for stem in stems]
    return ids[ids.index(migration) - 1]


async def migrate(migration: str) -> None:
    """Up to this one."""
    async with connected(2):
        with contextlib.redirect_stdout(io.StringIO()):
            result = await run_forwards(app_name="shop", migration_id=migration)
    assert result.success, result.message
