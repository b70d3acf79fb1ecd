"""What `/metrics` says of the shop, and to whom."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis.asyncio import Redis

from app.admin import figures
from app.checkout.settling import settle
from app.events.event import Event
from app.events.log import StreamLog
from app.infra import metrics, redis
from app.infra.database import execute, transaction
from app.infra.embedded.processes import FIGURES
from app.infra.outages import DatabaseUnavailable
from app.infra.settings import SettingInvalid, settings
from tests.checkout.paying import begun, captured, succeeded
from tests.events.burying import buried
from tests.orders.wanting import pending
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
HERE = "http://127.0.0.1:8000"
TOKEN = "a-token-of-thirty-two-characters"

Samples = dict[tuple[str, tuple[str, ...]], float]


def read(text: str) -> Samples:
    """(name, values of its labels in alphabetical order) → value."""
    families = text_string_to_metric_families(text)
    return {(each.name, tuple(sorted(each.labels.values()))): each.value for one in families for each in one.samples}


async def figures_of(client: httpx.AsyncClient) -> Samples:
    answer = await client.get(f"{HERE}/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return read(answer.text)


async def test_requests_are_counted_by_route_and_never_by_what_strangers_type(
    client: httpx.AsyncClient, world: World
) -> None:
    made = await world.product()
    before = await figures_of(client)
    await client.get(f"/p/{made.slug}")
    await client.head("/p/none")
    for path in ("/x1", "/wp-admin.php", "/%00"):
        await client.request("BREW", path)
    after = await figures_of(client)
    more = {key: value - before.get(key, 0) for key, value in after.items() if "/metrics" not in key[1]}
    assert {labels: count for (name, labels), count in more.items() if name == "feira_requests_total" and count} == {
        ("/p/{slug}", "200", "GET"): 1,
        ("/p/{slug}", "404", "HEAD"): 1,
        ("404", "unknown", "unknown"): 3,
    }
    assert more["feira_request_seconds_count", ("/p/{slug}", "GET")] == 1
    assert more["feira_request_queries_total", ("/p/{slug}",)] > 0


async def test_what_waits_is_told(client: httpx.AsyncClient, world: World) -> None:
    await pending(world, await world.product())
    await buried()
    await execute("UPDATE outbox SET created_at = now() - interval '5 minutes'")
    found = await figures_of(client)
    assert found["feira_database_up", ()] == found["feira_redis_up", ()] == 1
    assert found["feira_orders_unpaid", ()] == found["feira_dead_letters", ()] == 1
    assert found["feira_outbox_waiting", ()] > 0
    assert found["feira_outbox_oldest_seconds", ()] == pytest.approx(300, abs=30)
    assert found["feira_reservations_overdue", ()] == 0


async def test_the_page_for_operators_names_figures_that_there_are(client: httpx.AsyncClient, world: World) -> None:
    await StreamLog(redis.client(patient=True)).join("search", "products")
    known = {name.removesuffix("_total") for name in re.findall(r"# TYPE (\S+)", (await figures.text()).decode())}
    text = (ROOT / "docs/operations.md").read_text()
    named = {re.sub("_(total|bucket|sum|count)$", "", name) for name in re.findall(r"\bfeira_[a-z_]+", text)}
    assert len(named) > 10
    assert named - known == set()


async def test_how_far_consumers_are_behind_is_told(client: httpx.AsyncClient, world: World) -> None:
    log = StreamLog(redis.client(patient=True))
    await log.join("search", "products")
    for _ in range(3):
        await log.publish(Event(uuid4(), "products", "k", {"products": []}))
    [(position, _), _] = await log.read("search", "me", "products", 2, 10)
    await log.acknowledge("search", "products", [position])
    found = await figures_of(client)
    assert found["feira_consumer_behind_events", ("products", "search")] == 2
    assert found["feira_consumer_behind_seconds", ("products", "search")] > 0


async def test_orders_are_counted_when_they_are_paid(client: httpx.AsyncClient, world: World) -> None:
    before = metrics.ORDERS_PAID._value.get()
    order = await pending(world, await world.product())
    attempt = await begun(order.id)
    with pytest.raises(ZeroDivisionError):
        async with transaction():
            await settle(attempt.id, succeeded(attempt))
            raise ZeroDivisionError  # as when a webhook is killed
    await captured(attempt)
    await captured(attempt)  # told twice
    assert metrics.ORDERS_PAID._value.get() == before + 1


async def test_without_postgres_and_redis_the_rest_is_told(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> Any:
        raise DatabaseUnavailable

    monkeypatch.setattr(figures, "fetch_one", away)
    monkeypatch.setattr(redis, "client", lambda: Redis.from_url("redis://127.0.0.1:1"))
    found = await figures_of(client)
    assert found["feira_database_up", ()] == found["feira_redis_up", ()] == 0
    assert ("feira_outbox_waiting", ()) not in found
    assert found["feira_processes", ("web",)] == 1


@pytest.fixture
def with_token(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("METRICS_TOKEN", TOKEN)
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


async def test_who_shows_the_token_reads_it_from_anywhere(client: httpx.AsyncClient, with_token: None) -> None:
    through = {"x-forwarded-for": "198.51.100.7"}
    answer = await client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}", **through})
    assert answer.status_code == 200
    for wrong in ("", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer ção", TOKEN):
        answer = await client.get(f"{HERE}/metrics", headers={b"authorization": wrong.encode()})
        assert (answer.status_code, answer.headers["www-authenticate"][:6]) == (401, "Bearer")
        assert "feira_" not in answer.text


async def test_without_a_token_nobody_reads_it_through_a_proxy(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for header in ({"host": "feira.example"}, {"x-forwarded-for": "127.0.0.1"}, {"via": "1.1 proxy"}):
        assert (await client.get(f"{HERE}/metrics", headers=header)).status_code == 404
    monkeypatch.setattr(settings(), "base_url", "https://feira.example")  # a proxy need not say that it is one
    assert (await client.get(f"{HERE}/metrics")).status_code == 404


@pytest.mark.parametrize("token", ["short", "x" * 15, "with a space in between", "ção" * 9])
def test_a_token_is_hard_to_guess(environment: None, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("METRICS_TOKEN", token)
    settings.cache_clear()
    try:
        with pytest.raises(SettingInvalid, match="METRICS_TOKEN: is not 16 or more"):
            settings()
    finally:
        monkeypatch.undo()
        settings.cache_clear()


PROCESS = """
import os
from app.infra import metrics
metrics.begin()
metrics.watching({part!r}, lambda: (2, 1, 0))
metrics.POOL_USED.labels({part!r}).set(1)
metrics.note_request("/p/{{slug}}", "GET", 200, 0.02, 3)
"""


def test_without_room_on_the_disk_a_process_tells_of_itself_alone(environment: None, tmp_path: Path) -> None:
    """A mapped file on a full disk would end it."""
    full = "import os, errno\ndef none(*_): raise OSError(errno.ENOSPC, 'full')\nos.posix_fallocate = none\n"
    told = "from prometheus_client import generate_latest\nprint(generate_latest(metrics.Everybodys()).decode())"
    done = subprocess.run(
        [sys.executable, "-c", full + PROCESS.format(part="web") + told],
        env={**os.environ, FIGURES: str(tmp_path), "LOG_LEVEL": "warning"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "no room for figures" in done.stdout + done.stderr
    assert 'feira_requests_total{method="GET",route="/p/{slug}",status="200"} 1.0' in done.stdout


def test_the_figures_of_all_processes_are_added_up(environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for part in metrics.PARTS:
        metrics.swept(part)
    for part in ("web", "web", "worker"):
        place = {FIGURES: str(metrics.folder(part))}
        subprocess.run(
            [sys.executable, "-c", PROCESS.format(part=part)], env={**os.environ, **place}, cwd=ROOT, check=True
        )
    monkeypatch.setenv(FIGURES, str(metrics.folder("web")))
    found = read(figures._text([]).decode())
    assert found["feira_requests_total", ("/p/{slug}", "200", "GET")] == 3
    assert found["feira_request_queries_total", ("/p/{slug}",)] == 9
    # the first of them had ended when the second began, so how it was is forgotten; what it did is not
    assert found["feira_processes", ("web",)] == found["feira_database_pool_used", ("worker",)] == 1
    [worker] = metrics.folder("worker").glob("gauge_livesum_*.db")
    os.utime(worker, (0, 0))  # it has said nothing for long
    assert ("feira_processes", ("worker",)) not in read(figures._text([]).decode())
    living = metrics.folder("web") / f"counter_{os.getpid()}.db"
    living.touch()  # of a web server that somebody else has started on this data folder
    metrics.swept("web")
    assert list(metrics.folder("web").iterdir()) == [living]
