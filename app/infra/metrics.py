"""What the processes of this machine have done and how they are, as figures for Prometheus.

Every process of the web server and of the worker writes its figures into files in the folder of its part, which
`./feira` names and sweeps when it starts the part; whichever web process is asked adds up all of them. Without such a
folder (tests, benches) a process tells of itself alone.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, Metric, values
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.infra.embedded.processes import FIGURES as FOLDER
from app.infra.logs import log
from app.infra.settings import settings

PARTS = ("web", "worker")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNKNOWN = "unknown"  # an address that is none of ours, a method that nobody uses: strangers invent them without end
LOOK_SECONDS = 0.25
GONE_SECONDS = 30.0  # of silence, after which a process does not count as one that runs
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

FILES = ("counter", "histogram", "gauge_livesum")  # of a process, as the library names them
ROOM_BYTES = 2 * 1024**2  # of each: about three times what all routes take


def _take_room(place: Path) -> None:
    """Have the disk's room for our files before they are mapped: a page of one that the disk has no room for is SIGBUS,
    and a full disk must not end a web process.

    Raises:
        OSError: there is none.
    """
    for name in FILES:
        with (place / f"{name}_{os.getpid()}.db").open("ab") as file:
            os.posix_fallocate(file.fileno(), 0, ROOM_BYTES)


def _choose() -> None:
    """Without room we count in memory, and tell of ourselves alone."""
    if FOLDER in os.environ:
        try:
            _take_room(Path(os.environ[FOLDER]))
        except OSError as error:
            log("metrics").warning("no room for figures", error=str(error))
            del os.environ[FOLDER]
            values.ValueClass = values.MutexValue


_choose()  # before there is a figure

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Counter("feira_requests", "Answers by route, method and status.", ["route", "method", "status"])
REQUEST_SECONDS = Histogram(
    "feira_request_seconds", "How long answers took, by route and method.", ["route", "method"], buckets=_SECONDS
)
REQUEST_QUERIES = Counter("feira_request_queries", "Questions that answers asked PostgreSQL, by route.", ["route"])
SEARCH_SECONDS = Histogram(
    "feira_search_seconds", "From question to answer, of searches that were not just answered.", buckets=_SECONDS
)
ORDERS_PLACED = Counter("feira_orders_placed", "Orders that were placed.")
ORDERS_PAID = Counter("feira_orders_paid", "Orders whose money came or is held.")
ORDERS_REFUSED = Counter("feira_orders_refused", "Confirmations that did not become an order, by cause.", ["cause"])
EVENTS_TAKEN = Counter("feira_events_taken", "Events that consumers have taken.", ["consumer", "topic"])
EVENTS_BURIED = Counter("feira_events_buried", "Events that became dead letters.", ["consumer", "topic"])
FAILURES = Counter("feira_recurring_failures", "Turns of recurring work that failed and come again.", ["work"])
LOOP_LATE = Histogram(
    "feira_loop_late_seconds",
    "How much later than asked for the event loop went on.",
    ["part"],
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)
POOL_SIZE = Gauge("feira_database_pool_open", "Open connections.", ["part"], multiprocess_mode="livesum")
POOL_USED = Gauge("feira_database_pool_used", "Connections in use.", ["part"], multiprocess_mode="livesum")
POOL_WAITING = Gauge("feira_database_pool_waiting", "Who waits for one.", ["part"], multiprocess_mode="livesum")
MEMORY = Gauge("feira_resident_bytes", "Memory of the processes.", ["part"], multiprocess_mode="livesum")
PROCESSES = Gauge("feira_processes", "Processes that run.", ["part"], multiprocess_mode="livesum")


@cache
def _requests(route: str, method: str, status: int) -> Counter:
    return REQUESTS.labels(route, method, status)


@cache
def _seconds(route: str, method: str) -> Histogram:
    return REQUEST_SECONDS.labels(route, method)


@cache
def _queries(route: str) -> Counter:
    return REQUEST_QUERIES.labels(route)


def note_request(route: str, method: str, status: int, seconds: float, queries: int) -> None:
    """`route` is a template of ours, or empty."""
    route, method = route or UNKNOWN, method if method in METHODS else UNKNOWN
    _requests(route, method, status).inc()
    _seconds(route, method).observe(seconds)
    if queries:
        _queries(route).inc(queries)


def folder(part: str) -> Path:
    return settings().feira_data.absolute() / "metrics" / part


def swept(part: str) -> dict[str, str]:
    """Forget what processes of a part counted that have ended, as it is about to start; the environment that names
    its folder."""
    place = folder(part)
    place.mkdir(parents=True, exist_ok=True)
    for each in _left_behind(place, "*.db"):
        each.unlink(missing_ok=True)
    return {FOLDER: str(place)}


def begin() -> None:
    """Forget how processes were that have ended in this folder; what they did stays counted."""
    if place := os.environ.get(FOLDER):
        for each in _left_behind(Path(place), "gauge_live*_*.db"):
            each.unlink(missing_ok=True)


def _left_behind(place: Path, files: str) -> Iterator[Path]:
    """Another shop's web server may run on the same data folder: what lives is left alone."""
    for each in place.glob(files):
        pid = each.stem.rpartition("_")[2]
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists():
            yield each


def watching(part: str, pool: Callable[[], tuple[int, int, int]]) -> Callable[[], Awaitable[float]]:
    """A turn that looks how the process is, four times a second.

    Args:
        pool: says how many connections are open, in use and waited for.
    """
    gauges = [gauge.labels(part) for gauge in (POOL_SIZE, POOL_USED, POOL_WAITING)]
    late, memory = LOOP_LATE.labels(part), MEMORY.labels(part)
    PROCESSES.labels(part).set(1)

    async def look() -> float:
        loop = asyncio.get_running_loop()
        due = loop.time() + LOOK_SECONDS
        await asyncio.sleep(LOOK_SECONDS)
        late.observe(max(loop.time() - due, 0))
        for gauge, value in zip(gauges, pool(), strict=True):
            gauge.set(value)
        memory.set(_resident_bytes())
        _say_alive()
        return 0.0

    return look


def _say_alive() -> None:
    """By the time of the file that says how we are: a process id says nothing to another container."""
    if place := os.environ.get(FOLDER):
        with suppress(FileNotFoundError):
            os.utime(f"{place}/gauge_livesum_{os.getpid()}.db")


def _resident_bytes() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES
    except OSError:
        return 0


class Everybodys(Collector):
    """The figures of all processes of this machine, added up; of this process alone where there is no folder."""

    def collect(self) -> list[Metric]:
        if FOLDER not in os.environ:
            return [each for each in REGISTRY.collect() if each.name.startswith("feira_")]
        files = [path for part in PARTS for path in folder(part).glob("*.db")]
        return list(MultiProcessCollector.merge([str(path) for path in files if not _is_of_a_silent_one(path)]))


def _is_of_a_silent_one(path: Path) -> bool:
    """Whether a file says how a process is that does not run any more, or stands still."""
    try:
        return path.name.startswith("gauge_live") and path.stat().st_mtime < time.time() - GONE_SECONDS
    except FileNotFoundError:
        return False  # it was swept just now, and is left out by who reads it
