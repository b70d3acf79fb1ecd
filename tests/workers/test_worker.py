"""A real worker process: a feed goes all the way, whatever happens to the worker."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.infra.database import fetch, fetch_one
from app.infra.embedded import servers
from app.suppliers import progress
from tests.suppliers.line import offers, row, send
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
# A worker gives way to whatever else runs, and its indexer more so: on a busy machine both wait long for a processor.
PATIENCE_SECONDS = 180
pytestmark = pytest.mark.timeout(2 * PATIENCE_SECONDS)


class Workers:
    def __init__(self, log: Path) -> None:
        self.log = log
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "workers.main"], cwd=ROOT, stdout=output, stderr=output, env={**os.environ}
            )
        self.processes.append(process)
        return process


@pytest.fixture
def workers(world: World, tmp_path: Path) -> Iterator[Workers]:
    made = Workers(tmp_path / "worker.log")
    yield made
    for process in made.processes:
        process.kill()
        process.wait()


async def settled(feed: int, workers: Workers, seconds: float = PATIENCE_SECONDS) -> progress.Progress:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = await progress.of(feed)
        if found.is_settled:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"{await progress.of(feed)}\n{workers.log.read_text()[-3000:]}")


async def test_feeds_become_searchable_one_after_the_other_and_a_term_signal_stops_the_worker_at_once(
    world: World, workers: Workers
) -> None:
    supplier = await world.supplier()
    rows = [row(f"S{n}", f"Lamp {n}") for n in range(30)]
    first = await send(supplier, rows)
    second = await send(supplier, rows[:29])
    process = workers.start()
    found = await settled(first, workers)
    assert (found.state, found.applied, found.searchable) == ("finished", 30, 30)
    await settled(second, workers)
    dates = await fetch_one(
        "SELECT f.finished_at < s.read_at AS is_later FROM feed f, feed s WHERE (f.id, s.id) = ($1, $2)", first, second
    )
    assert dates is not None and dates["is_later"]
    assert set(await offers(supplier)) == {f"S{n}" for n in range(29)}
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(process.wait, 10) == 0
    assert time.monotonic() - started < 5


@pytest.mark.slow
async def test_a_worker_killed_during_a_feed_is_replaced_by_the_next_and_nothing_is_lost(
    world: World, workers: Workers
) -> None:
    supplier = await world.supplier()
    process = workers.start()
    feed = await send(supplier, [row(f"S{n}", f"Lamp {n}") for n in range(4000)])
    while (await progress.of(feed)).received < 1500:  # noqa: ASYNC110 - another process counts
        await asyncio.sleep(0.02)
    process.kill()
    process.wait()
    killed = time.monotonic()
    workers.start()
    while (await progress.of(feed)).received < 4000:
        assert time.monotonic() - killed < 60
        await asyncio.sleep(0.1)
    found = await settled(feed, workers)
    assert (found.state, found.received, found.applied + found.unchanged) == ("finished", 4000, 4000)
    assert len(await offers(supplier)) == 4000


@pytest.mark.slow
async def test_a_worker_waits_out_an_outage_of_redis_and_of_its_event_log(
    world: World, workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", servers.redis_url(tmp_path))
    supplier = await world.supplier()
    process = workers.start()
    await asyncio.sleep(1.5)  # there is no Redis yet
    with servers.valkey(tmp_path):
        first = await send(supplier, [row("A"), row("B")])
        assert (await settled(first, workers)).state == "finished"
    second = await send(supplier, [row("A")])
    await asyncio.sleep(1.5)
    with servers.valkey(tmp_path):
        assert (await settled(second, workers)).state == "finished"
    assert process.poll() is None


@pytest.mark.slow
async def test_connections_cut_by_postgres_during_a_feed_only_delay_it(world: World, workers: Workers) -> None:
    supplier = await world.supplier()
    workers.start()
    feed = await send(supplier, [row(f"S{n}", f"Lamp {n}") for n in range(4000)])
    while (await progress.of(feed)).received < 1000:  # noqa: ASYNC110 - another process counts
        await asyncio.sleep(0.02)
    for _ in range(3):
        await fetch(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() 
               AND pid <> pg_backend_pid()"""
        )
        await asyncio.sleep(0.3)
    found = await settled(feed, workers)
    assert (found.state, found.received, found.applied + found.unchanged) == ("finished", 4000, 4000)
    assert not await fetch("SELECT 1 FROM dead_letter")
