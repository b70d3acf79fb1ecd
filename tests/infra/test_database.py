"""Transactions let go, and queries are counted."""

import time
from functools import partial

import asyncpg
import pytest

from app.infra import database, outages
from app.infra.bulk import copied
from app.infra.database import after_commit, borrowed, count_queries, execute, fetch, transaction
from app.infra.settings import settings
from tests.world import World


async def test_a_failed_block_leaves_nothing_behind(world: World) -> None:
    with pytest.raises(ZeroDivisionError):
        async with transaction():
            await execute("UPDATE category SET name = 'Gone'")
            raise ZeroDivisionError
    assert not await fetch("SELECT id FROM category WHERE name = 'Gone'")


async def test_an_inner_block_joins_the_outer_one(world: World) -> None:
    with pytest.raises(ZeroDivisionError):
        async with transaction():
            async with transaction():
                await execute("UPDATE category SET name = 'Gone'")
            raise ZeroDivisionError
    assert not await fetch("SELECT id FROM category WHERE name = 'Gone'")


async def test_what_follows_a_commit_follows_the_outermost_and_nothing_follows_a_failed_block(world: World) -> None:
    done: list[str] = []
    async with transaction():
        async with transaction():
            after_commit(partial(done.append, "kept"))
        assert done == []
    with pytest.raises(ZeroDivisionError):
        async with transaction():
            after_commit(partial(done.append, "undone"))
            raise ZeroDivisionError
    after_commit(partial(done.append, "alone"))
    assert done == ["kept", "alone"]


async def test_a_killed_backend_is_forgotten_after_its_transaction(world: World) -> None:
    with pytest.raises(outages.DatabaseUnavailable):
        async with transaction():
            pid = (await fetch("SELECT pg_backend_pid() AS pid"))[0]["pid"]
            connection = await asyncpg.connect(dsn=settings().database_url)
            await connection.execute("SELECT pg_terminate_backend($1)", pid)
            await connection.close()
            await fetch("SELECT 1")
    assert (await fetch("SELECT 1 AS one"))[0]["one"] == 1


async def test_a_connection_lost_during_a_copy_is_an_outage_not_a_fault(world: World) -> None:
    cut_after_a_moment = "SELECT n, pg_terminate_backend(pg_backend_pid()) FROM generate_series(1, 10) n WHERE n > 5"
    with pytest.raises(outages.DatabaseUnavailable):
        await copied(cut_after_a_moment)
    assert len(await copied("SELECT 1::bigint WHERE $1", True)) == 19 + 14 + 2  # header, a row, trailer


async def test_queries_of_a_context_are_counted(world: World) -> None:
    queries = count_queries()
    await fetch("SELECT 1")
    async with transaction():
        await fetch("SELECT 2")
    assert queries.value == 2


async def test_a_page_waits_for_a_silent_database_only_once(world: World) -> None:
    count_queries()
    await database.close_pool()
    await database.open_pool(1, command_seconds=0.2)
    with pytest.raises(outages.DatabaseUnavailable):
        await fetch("SELECT pg_sleep(5)")
    started = time.monotonic()
    for _ in range(5):
        with pytest.raises(outages.DatabaseUnavailable):
            await fetch("SELECT 1")
    assert time.monotonic() - started < 0.1
    count_queries()  # another page
    assert await fetch("SELECT 1")


async def test_a_page_that_can_do_without_does_not_even_try_while_it_is_away(world: World) -> None:
    await database.close_pool()
    await database.open_pool(1, command_seconds=0.2)
    count_queries()
    with pytest.raises(outages.DatabaseUnavailable):
        await fetch("SELECT pg_sleep(5)")
    count_queries()  # another page
    outages.ask_nothing_while_away()
    with pytest.raises(outages.DatabaseUnavailable):
        await fetch("SELECT 1")
    count_queries()  # one that cannot do without, and finds it back
    assert await fetch("SELECT 1")
    outages.ask_nothing_while_away()
    assert await fetch("SELECT 1")


async def test_it_is_back_when_it_has_answered_and_not_when_a_connection_is_still_open(world: World) -> None:
    outages.note(away=True)
    async with borrowed():
        assert outages.is_away()
    assert await fetch("SELECT 1")
    assert not outages.is_away()
    outages.note(away=True)
    async with transaction():
        assert not outages.is_away()


async def test_a_statement_alone_is_one_question_to_the_server(world: World) -> None:
    """Nothing is asked when its connection goes back; but a transaction that was left open there is over."""
    async with borrowed() as connection:
        (pid,) = await connection.fetchrow("SELECT pg_backend_pid() AS the_only_question")
    watching = await asyncpg.connect(dsn=settings().database_url)
    said = "SELECT query, state FROM pg_stat_activity WHERE pid = $1"
    query, state = await watching.fetchrow(said, pid)
    assert ("the_only_question" in query, state) == (True, "idle")
    async with borrowed() as connection:
        await connection.execute("BEGIN")
    assert (await watching.fetchval("SELECT state FROM pg_stat_activity WHERE pid = $1", pid)) == "idle"
    await watching.close()
