"""PostgreSQL and Valkey are stopped: what only looks goes on answering, what sells says that it cannot just now."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from app.cli import shop
from app.delivery import estimate
from app.infra import migrations
from app.infra.database import connected
from app.infra.embedded import processes, servers
from app.infra.settings import settings
from app.search.query import PAGE_SIZE
from app.search.rebuilding import rebuild
from tests.conftest import FAST
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(150)]

SECONDS = 8.0  # in which a page must be there: a time-out of one statement, and some for a busy machine
SEARCHING = (
    "/search?q=lamp",
    "/search?q=lmap",
    "/search?q=lamp&brand=Oficina&max=60&stock=in&sort=price",
    "/search?q=nothing+of+the+kind",
    "/search/suggestions?q=alc",
)
LOOKING = (*SEARCHING, "/search?sort=arrives", "/c/lighting")
FROM_LISBON = {"cookie": "feira_postcode=1100-148"}
KNOWN_VISITOR = {"cookie": f"feira_visitor={'a' * 43}"}
NOTICE = "Availability is checked at checkout"


@dataclass(frozen=True)
class Outage:
    data: Path
    product: str  # its address
    running: list[servers.Server]

    def begin(self) -> None:
        for server in self.running:
            processes.stop(server.process)

    def end(self) -> None:
        for server in self.running:
            if server.process.poll() is not None:
                server.restart()

    def halt(self, number: int) -> None:
        """They take connections and never answer (SIGSTOP), or go on (SIGCONT)."""
        for server in self.running:
            whole = psutil.Process(server.process.pid)
            for process in (whole, *whole.children(recursive=True)):
                process.send_signal(number)


@pytest.fixture(scope="module")
def shop_of_its_own() -> Iterator[Outage]:
    """Servers of these tests' own, with a small shop in them and its index on disk."""
    with (
        tempfile.TemporaryDirectory(prefix="feira-outage-") as folder,
        contextlib.ExitStack() as stack,
        pytest.MonkeyPatch.context() as monkeypatch,
    ):
        data = Path(folder)
        running = [stack.enter_context(servers.postgres(data, **FAST)), stack.enter_context(servers.valkey(data))]
        monkeypatch.setenv("DATABASE_URL", servers.database_url(data))
        monkeypatch.setenv("REDIS_URL", servers.redis_url(data))
        monkeypatch.setenv("FEIRA_DATA", folder)
        settings.cache_clear()
        try:
            yield Outage(data, asyncio.run(_fill()), running)
        finally:
            monkeypatch.undo()
            settings.cache_clear()


@pytest.fixture
def outage(shop_of_its_own: Outage) -> Iterator[Outage]:
    yield shop_of_its_own
    shop_of_its_own.end()


async def _fill() -> str:
    await migrations.migrate()
    async with connected():
        world = World()
        await world.prepare()
        for number in range(60):
            stock = {"LIS": 5} if number % 3 else {"OPO": 2}
            made = await world.product(f"Alcova lamp {number}", price_minor=2000 + 100 * number, stock=stock)
        await rebuild()
        estimate.forget()
        return f"/p/{made.slug}"


@contextlib.contextmanager
def web(data: Path) -> Iterator[httpx.Client]:
    """A web process as in production, and a shopper who looks at it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    os.environ["PORT"] = port
    settings.cache_clear()
    with (data / "web.log").open("ab") as output:
        process = processes.start(shop.web_command(), output=output)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=SECONDS) as client:
            _wait_for(client)
            yield client
    finally:
        os.environ.pop("PORT")
        settings.cache_clear()
        processes.stop(process)


def _wait_for(client: httpx.Client, path: str = "/healthz", *, notice: bool = False) -> None:
    """Until the page is there, and says that the database is away or does not say it."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(httpx.TransportError):
            answer = client.get(path, headers=KNOWN_VISITOR if path == "/cart" else None)
            if answer.status_code == httpx.codes.OK and (NOTICE in answer.text) == notice:
                return
        time.sleep(0.1)
    raise AssertionError(f"{path}: no right answer")


def shown(client: httpx.Client, path: str, headers: dict[str, str] | None = None) -> list[str]:
    """The links of a page that was answered in time: what it found, its filters and its pages."""
    answer = client.get(path, headers=headers)
    client.cookies.clear()  # it would remember the search
    assert answer.status_code == httpx.codes.OK, (path, answer.status_code)
    return re.findall(r'href="(/(?:p|search|c)[^"]*)"', _list_of(answer.text))


def _list_of(html: str) -> str:
    """Without the header, which may know less while the database is away."""
    return html.partition("<main")[2] or html


def assert_sells_nothing(client: httpx.Client) -> None:
    for path in ("/cart", "/checkout"):
        refused = client.get(path, headers=KNOWN_VISITOR)
        assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE, path
        assert int(refused.headers["retry-after"]) > 0
        assert "text/html" in refused.headers["content-type"]


def test_a_shop_that_ran_before_answers_as_before(outage: Outage) -> None:
    with web(outage.data) as client:
        before = {path: shown(client, path, FROM_LISBON) for path in LOOKING}
        assert len([link for link in before["/search?q=lamp"] if link.startswith("/p/")]) >= PAGE_SIZE
        assert any("by=" in link for link in before["/search?sort=arrives"])
        for path in ("/", outage.product, "/cart"):
            assert client.get(path, headers=FROM_LISBON).status_code == httpx.codes.OK
        outage.begin()
        assert {path: shown(client, path, FROM_LISBON) for path in LOOKING} == before
        _wait_for(client, "/search?q=lamp", notice=True)
        for path in ("/search?q=lamp", "/", outage.product):
            answer = client.get(path, headers=FROM_LISBON)
            assert answer.status_code == httpx.codes.OK, path
            assert NOTICE in answer.text
        assert_sells_nothing(client)
        outage.end()
        _wait_for(client, "/search?q=lamp")
        _wait_for(client, "/cart")
        assert {path: shown(client, path, FROM_LISBON) for path in LOOKING} == before


def test_a_shop_that_is_started_meanwhile_finds_what_its_index_holds(outage: Outage) -> None:
    """Days and departments are not on disk, so they are missing; nothing else is."""
    with web(outage.data) as client:
        known = {path: shown(client, path) for path in SEARCHING}
    outage.begin()
    with web(outage.data) as client:
        for path, links in known.items():
            assert shown(client, path) == [link for link in links if not link.startswith("/c/")], path
        assert shown(client, "/search?sort=arrives", FROM_LISBON) and shown(client, "/c/lighting?q=lamp")
        _wait_for(client, "/search?q=lamp", notice=True)
        product = client.get(outage.product)
        assert product.status_code == httpx.codes.OK
        assert (
            "<h1>Alcova lamp 59</h1>" in product.text
            and "cannot be shown just now" in product.text
            and NOTICE in product.text
        )
        assert client.get("/p/never-heard-of").status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert_sells_nothing(client)
        outage.end()
        _wait_for(client, "/search?q=lamp")
        _wait_for(client, "/cart")
        assert {path: shown(client, path) for path in SEARCHING} == known
        assert any("by=" in link for link in shown(client, "/search?sort=arrives", FROM_LISBON))


def test_a_shopper_waits_seconds_at_most_for_servers_that_stand_still(outage: Outage) -> None:
    with web(outage.data) as client:
        before = {path: shown(client, path, KNOWN_VISITOR) for path in SEARCHING}
        assert client.get("/cart", headers=KNOWN_VISITOR).status_code == httpx.codes.OK
        outage.halt(signal.SIGSTOP)
        try:
            assert {path: shown(client, path, KNOWN_VISITOR) for path in SEARCHING} == before
            assert_sells_nothing(client)
            shown(client, "/search?q=lamp", FROM_LISBON)  # of what this process has never read, no page waits again
        finally:
            outage.halt(signal.SIGCONT)
        _wait_for(client, "/cart")
