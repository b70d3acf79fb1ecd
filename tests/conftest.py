"""A real PostgreSQL and a real Valkey for every test, in a database of its own for each parallel worker."""

import asyncio
import gc
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import hypothesis
import pytest
from argon2 import PasswordHasher

from app.accounts import passwords
from app.delivery import estimate
from app.infra import database, migrations, queue, redis
from app.infra.embedded import servers
from app.infra.settings import settings
from app.payments import registry as payment_providers
from app.web import middleware
from tests.emptying import Cleaner
from tests.pooling import Pools
from tests.world import World

# Tests may lose data when the machine stops: nothing waits for the disk.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}

# A loaded machine is no mistake; where time is part of a rule, a test has a deadline of its own.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")


gc.disable()  # until all tests are found: what is made until then stays, and to look through it takes seconds


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests go first: the last minute of a run must not be one long test in one of its workers."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the servers that all parallel workers of this run share."""
    if given := os.environ.get("FEIRA_TEST_SERVERS"):
        return Path(given)
    return Path(tempfile.mkdtemp(prefix="feira-test-"))


@pytest.fixture(scope="session", autouse=True)
def environment(server_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Servers (unless this run's first process has started them), and settings that point at them."""
    name = f"test_{secrets.token_hex(4)}"
    with ExitStack() as stack:
        if "FEIRA_TEST_SERVERS" not in os.environ:
            stack.enter_context(servers.postgres(server_folder, **FAST))
            stack.enter_context(servers.valkey(server_folder))
        number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
        os.environ["DATABASE_URL"] = servers.database_url(server_folder, name)
        os.environ["REDIS_URL"] = servers.redis_url(server_folder).replace("db=0", f"db={number + 1}")
        os.environ["FEIRA_DATA"] = str(tmp_path_factory.mktemp("data"))
        os.environ["SECRET_KEY"] = secrets.token_hex(32)
        os.environ["LOG_LEVEL"] = "error"
        settings.cache_clear()
        asyncio.run(_create(servers.database_url(server_folder, "postgres"), name))
        asyncio.run(migrations.migrate())
        yield
        asyncio.run(_drop(servers.database_url(server_folder, "postgres"), name))


async def _create(admin_url: str, name: str) -> None:
    connection = await asyncpg.connect(dsn=admin_url)
    await connection.execute(f'CREATE DATABASE "{name}"')
    await connection.close()


async def _drop(admin_url: str, name: str) -> None:
    connection = await asyncpg.connect(dsn=admin_url)
    await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await connection.close()


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> PasswordHasher:
    """A hash is meant to take its time, and every second test signs somebody in. Returns what the shop hashes with."""
    dear, passwords._hasher = passwords._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return dear


@pytest.fixture
def dear_passwords(cheap_passwords: PasswordHasher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", cheap_passwords)


@pytest.fixture(scope="session")
async def cleaner(environment: None) -> AsyncIterator[Cleaner]:
    made = Cleaner()
    yield made
    await made.close()


@pytest.fixture(scope="session")
async def pools(environment: None) -> AsyncIterator[Pools]:
    made = Pools()
    yield made
    await made.close()


@pytest.fixture
async def db(pools: Pools, cleaner: Cleaner) -> AsyncIterator[None]:
    """An open pool on an empty, migrated database, and an empty Redis; both are emptied again afterwards."""
    await pools.open()
    await redis.client(patient=True).flushdb()
    yield
    await queue.close()
    await redis.close()
    await database.close_pool()
    await cleaner.empty()


@pytest.fixture
async def world(db: None) -> World:
    """A small shop to test in: categories, warehouses, zones and lanes; suppliers and products on demand."""
    made = World()
    await made.prepare()
    estimate.forget()  # the delivery map of the test before
    return made


@pytest.fixture(scope="session", autouse=True)
def no_freezing() -> Iterator[None]:
    """A start freezes what there is for good: here that would be the garbage of all tests before."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(gc, "freeze", lambda: None)
        yield


@pytest.fixture(scope="session")
def application(environment: None) -> Any:
    """The shop, which keeps nothing from one start to the next: to put it together takes a fifth of a second."""
    from app.main import create_app

    return create_app()


@pytest.fixture
def net_prices(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Prices are without VAT: the shop sells to businesses."""
    monkeypatch.setenv("PRICES", "net")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
async def client(world: World, application: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without JavaScript: keeps cookies, follows redirects."""
    middleware.FORM_TARGETS[:] = payment_providers.page_origins()  # a test may have chosen another provider
    ready, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:  # start and stop must happen in one task
        async with application.app.lifespan():
            ready.set()
            await over.wait()

    life = asyncio.create_task(live())
    await ready.wait()
    transport = httpx.ASGITransport(app=application, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://feira.test", follow_redirects=True) as opened:
        yield opened
    over.set()
    await life
