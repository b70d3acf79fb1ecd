"""What a large feed does to those beside it: to shoppers' pages, and to small feeds that come while it runs.

    ./feira bench beside [--json] [--rows 300000] [--small 20]

The whole shop runs as in production (web, worker, servers) on all cores, with the demo catalogue. A shopper looks at
one page after another with a pause between them, first while nothing else happens, then while a feed of ROWS rows goes
in. Meanwhile feeds of 100 rows come from another supplier: how long until their product has a page, and until it is
found.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import httpx
from rich.console import Console

from app.catalog.sellers import supplier_of
from app.cli import shop
from app.cli.demo import bring_in_if_empty
from app.cli.surroundings import surroundings
from app.infra import migrations, queue
from app.infra.database import connected
from app.infra.embedded import processes
from app.infra.settings import settings
from app.suppliers import progress, receiving
from bench.load import Tally
from bench.pages import POSTCODE, pages
from bench.rows import rows_of, write_feed
from bench.shop import child, free_port, web

PAUSE_SECONDS = 0.05  # of the shopper between two pages
QUIET_SECONDS = 20.0
SMALL_ROWS = 100
SMALL_EVERY = 3.0  # seconds


@dataclass(frozen=True)
class Figures:
    rows: int
    seconds: float  # until the large feed was in PostgreSQL
    rows_per_second: float
    pages_quiet_p50_ms: float
    pages_quiet_p95_ms: float
    pages_beside_p50_ms: float
    pages_beside_p95_ms: float
    p95_rise: float  # 0.5: half as much again
    pages_failed: int
    small_feeds: int  # that came and were through while the large one ran
    on_product_page_p95_seconds: float
    searchable_p95_seconds: float


class Shopper:
    """Looks at one page after another, in a process of its own: what else we do must not lengthen the times."""

    def __init__(self, port: int, paths: list[str], noted: Path) -> None:
        command = [sys.executable, "-m", "bench.shopper", str(port), str(PAUSE_SECONDS), str(noted), *paths]
        self._process, self._noted = processes.start(command), noted

    def between(self, start: float, end: float) -> Tally:
        """The pages asked for between two moments of `time.monotonic`."""
        tally = Tally()
        for line in self._noted.read_text().splitlines():
            asked, seconds, status = line.split()
            if start <= float(asked) < end:
                tally.latencies.append(float(seconds))
                tally.statuses[int(status)] = tally.statuses.get(int(status), 0) + 1
        return tally

    def close(self) -> None:
        processes.stop(self._process)


async def small_feed(client: httpx.AsyncClient, supplier: int, folder: Path, number: int) -> tuple[float, float]:
    """Seconds until a product of a new feed of 100 rows has its page, and until a search finds it."""
    word = f"Quickling{number}"
    rows = [
        (f"Q-{number}-{each}", f"{word} {each} lamp", "A lamp.", "Oficina", "lamp", "9.90", "EUR", "", "5", "", "")
        for each in range(SMALL_ROWS)
    ]
    write_feed(folder / "small.csv", rows)
    started = time.perf_counter()
    await receiving.receive_file(supplier, folder / "small.csv", mode="delta")
    page = f"/p/{word}-{SMALL_ROWS - 1}-lamp".lower()
    on_page = await _until(client, page, lambda answer: answer.status_code == 200, started)
    found = await _until(client, f"/search?q={word}", lambda answer: word in answer.text.split("<main", 1)[-1], started)
    return on_page, found


async def _until(
    client: httpx.AsyncClient, path: str, there: Callable[[httpx.Response], bool], started: float
) -> float:
    while not there(await client.get(path)):
        if time.perf_counter() - started > 120:
            raise click.ClickException(f"{path} does not come")
        await asyncio.sleep(0.1)
    return time.perf_counter() - started


async def measure(rows: int, small: int, folder: Path, told: Callable[[str], None]) -> Figures:
    address = f"http://127.0.0.1:{settings().port}"
    headers = {"cookie": POSTCODE, "accept-encoding": "br"}
    with httpx.Client(base_url=address, timeout=30) as client:
        chosen = pages(client, 8)
    paths = [
        request().split(b" ")[1].decode() for name, each in chosen.items() if name != "cart add" for request in each
    ]
    write_feed(folder / "large.csv", rows_of(rows))
    shopper = Shopper(settings().port, paths, folder / "shopper.txt")
    async with connected(), httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as client:
        await asyncio.sleep(3)  # to warm up
        told(f"Pages with nothing beside them, {QUIET_SECONDS:.0f} s ...")
        began = time.monotonic()
        await asyncio.sleep(QUIET_SECONDS)
        fed = time.monotonic()
        seconds, times = await _large_and_small(client, rows, small, folder, told)
        quiet, beside = shopper.between(began, fed), shopper.between(fed, time.monotonic())
        shopper.close()
        await queue.close()
    p95 = quiet.percentile(0.95), beside.percentile(0.95)
    return Figures(
        rows=rows,
        seconds=round(seconds, 1),
        rows_per_second=round(rows / seconds),
        pages_quiet_p50_ms=round(quiet.percentile(0.5), 2),
        pages_quiet_p95_ms=round(p95[0], 2),
        pages_beside_p50_ms=round(beside.percentile(0.5), 2),
        pages_beside_p95_ms=round(p95[1], 2),
        p95_rise=round(p95[1] / p95[0] - 1, 3),
        pages_failed=sum(n for tally in (quiet, beside) for status, n in tally.statuses.items() if status >= 400),
        small_feeds=len(times),
        on_product_page_p95_seconds=round(_p95([on_page for on_page, _ in times]), 2),
        searchable_p95_seconds=round(_p95([found for _, found in times]), 2),
    )


async def _large_and_small(
    client: httpx.AsyncClient, rows: int, small: int, folder: Path, told: Callable[[str], None]
) -> tuple[float, list[tuple[float, float]]]:
    large, quick = (await supplier_of("Bench"))[0], (await supplier_of("Quick"))[0]
    started, times = time.perf_counter(), list[tuple[float, float]]()
    feed = await receiving.receive_file(large, folder / "large.csv")
    await asyncio.sleep(2)
    told(f"A feed of {rows:,} rows, and small ones beside it ...")
    while (await progress.of(feed)).state != "finished":
        if len(times) < small:
            one = await small_feed(client, quick, folder, len(times))
            if (await progress.of(feed)).state != "finished":
                times.append(one)
                told(f"  small feed {len(times)}: {one[0]:.2f} s on its page, {one[1]:.2f} s found")
            await asyncio.sleep(max(0.0, SMALL_EVERY - one[1]))
        await asyncio.sleep(0.5)
    return time.perf_counter() - started, times


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95) - 1 if len(values) > 1 else 0] if values else float("nan")


@contextmanager
def open_shop(console: Console) -> Iterator[Path]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="feira-bench-")))
        os.environ.update(FEIRA_DATA=str(folder), PORT=str(free_port()), LOG_LEVEL="warning", SHOW_QUERY_COUNT="1")
        settings.cache_clear()
        stack.enter_context(surroundings(exclusive=True))
        asyncio.run(migrations.migrate())
        stack.enter_context(child("worker", shop.worker_command()))
        bring_in_if_empty(console)
        stack.enter_context(web())
        yield folder


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the figures for programs.")
@click.option("--rows", default=300_000, show_default=True, type=click.IntRange(10_000, 5_000_000))
@click.option("--small", default=20, show_default=True, type=click.IntRange(1, 100), help="Feeds of 100 rows.")
def main(rows: int, small: int, as_json: bool) -> None:
    """Measure pages and small feeds while a large feed goes in."""
    console = Console(stderr=True, highlight=False)
    with open_shop(console) as folder:
        figures = asyncio.run(measure(rows, small, folder, console.print))
    click.echo(json.dumps(asdict(figures), indent=2 if as_json else None))


if __name__ == "__main__":
    main()
