"""A PostgreSQL of one's own is told in words what it lacks, before anything is written into it."""

from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from app.infra import migrations, needs
from app.infra.database import fetch_one
from app.infra.needs import DatabaseUnfit, Facts
from app.infra.settings import settings
from tests.cli.test_dead_letters import feira

GOOD = Facts(18, "UTF8", False, "feira", "shop", "public", True, True, 256, 197, [])


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        ({"version": 14}, "this is PostgreSQL 14, and 15 or newer is needed"),
        ({"is_read_only": True}, "database shop is read-only"),
        ({"encoding": "LATIN1"}, "has the encoding LATIN1, and UTF8 is needed; make it anew: CREATE DATABASE shop"),
        ({"may_create": False}, "as its owner say: GRANT CREATE ON SCHEMA public TO feira"),
        ({"may_create": False, "schema": None}, "GRANT CREATE ON SCHEMA public TO feira"),
    ],
)
def test_what_cannot_hold_a_shop_is_refused(odd: dict[str, Any], words: str) -> None:
    needs.require(GOOD)
    with pytest.raises(DatabaseUnfit) as refused:
        needs.require(replace(GOOD, **odd))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        (
            {"locks": 64},
            ["max_locks_per_transaction is 64, and 256 are needed", "max_locks_per_transaction = 256 (then"],
        ),
        ({"connections": 31}, ["leaves 31 connections", "may open 32", "In postgresql.conf: max_connections = 42"]),
        ({"forgetful": ["fsync"]}, ["fsync is off", "In postgresql.conf: fsync = on"]),
        ({"knows_letters": False}, ["É and é", "LOCALE 'C.UTF-8'"]),
    ],
)
def test_what_works_but_not_for_long_is_advised(environment: None, odd: dict[str, Any], words: list[str]) -> None:
    assert needs.advice(GOOD) == []
    [said] = needs.advice(replace(GOOD, **odd))
    assert not [word for word in words if word not in said]


async def test_a_running_server_is_asked(db: None) -> None:
    """That of the tests forgets, to be fast."""
    said = await migrations.migrate()
    assert [each.split(" is off")[0] for each in said] == list(needs.DURABLE)


async def test_a_session_is_the_shop_s_whatever_the_server_s_default(db: None) -> None:
    row = await fetch_one(
        "SELECT current_setting('timezone'), current_setting('transaction_isolation'), current_setting('jit')"
    )
    assert row and tuple(row) == ("UTC", "read committed", "off")


async def test_who_may_make_no_tables_is_told_so_by_the_command(db: None) -> None:
    """A role of its own in a database of its own: since PostgreSQL 15 nobody makes tables in another's schema."""
    url = settings().database_url
    admin = await asyncpg.connect(dsn=url)
    try:
        await admin.execute("CREATE ROLE clerk LOGIN")
        refused = await feira("migrate", DATABASE_URL=url.replace("feira@", "clerk@", 1))
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr.endswith("as its owner say: GRANT CREATE ON SCHEMA public TO clerk\n")
        await admin.execute("ALTER ROLE clerk SET default_transaction_read_only = on")
        refused = await feira("migrate", DATABASE_URL=url.replace("feira@", "clerk@", 1))
        assert "is read-only" in refused.stderr
    finally:
        await admin.execute("DROP ROLE clerk")
        await admin.close()
