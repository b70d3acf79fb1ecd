"""How fast a feed goes in: file to PostgreSQL, and to the search index, beside the same rows by bare COPY.

    ./feira bench feeds [--json] [--rows 100000]

The shop is empty, with servers and a worker of its own. COPY writes the rows' texts into a plain table over one
connection, before and after the feeds, so that a machine that slows down slows both; the ratio is what to quote.
"""

import asyncio
import csv
import io
import json
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import asyncpg
import click
from rich.console import Console
from rich.table import Table

from app.catalog.sellers import supplier_of
from app.cli import shop
from app.cli.surroundings import surroundings
from app.demo import world
from app.infra import migrations, queue
from app.infra.database import connected
from app.infra.embedded import processes
from app.infra.settings import settings
from app.suppliers import feeds, progress

COLUMNS = ("sku", "title", "description", "brand", "category", "price", "currency", "gtin", "stock", "colour", "image")
THINGS = ("lamp", "mug", "chair", "blanket", "kettle", "runner", "notebook", "bowl", "shelf", "towel")
COLOURS = ("bottle green", "terracotta", "cobalt", "chalk", "ochre", "graphite")
WORDS = ("oak", "linen", "stoneware", "brass", "wool", "cotton", "glass", "cork", "steel", "paper", "felt", "cane")


@dataclass(frozen=True)
class Figures:
    rows: int
    megabytes: float
    to_postgres_rows_per_second: float
    to_searchable_rows_per_second: float
    again_rows_per_second: float  # the same rows in another file, one of them changed
    again_applied: int
    copy_rows_per_second: float
    ratio: float  # of file to PostgreSQL and COPY
    peak_worker_megabytes: float


def rows_of(count: int) -> Iterator[tuple[str, ...]]:
    """The same rows each time."""
    chance = random.Random(20_26)
    for number in range(count):
        words = chance.sample(WORDS, 4)
        thing, colour = chance.choice(THINGS), chance.choice(COLOURS)
        title = f"{words[0].capitalize()} {words[1]} {thing} {number}"
        description = f"A {thing} of {words[2]} and {words[3]}, in {colour}. " + " ".join(chance.choices(WORDS, k=20))
        price = f"{chance.randint(2, 400)}.{chance.randint(0, 99):02}"
        code = f"560{number:09}"
        gtin = code + str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code)) % 10)
        stock = str(chance.randint(0, 60))
        yield f"B-{number}", title, description, "Oficina", thing, price, "EUR", gtin, stock, colour, ""


def write_feed(path: Path, rows: list[tuple[str, ...]]) -> None:
    with path.open("w", newline="") as output:
        writer = csv.writer(output)
        writer.writerow(COLUMNS)
        writer.writerows(rows)


async def copy_rate(rows: list[tuple[str, ...]]) -> float:
    """Rows per second of one COPY into a plain table."""
    connection = await asyncpg.connect(settings().database_url)
    try:
        await connection.execute(f"CREATE TABLE bare ({', '.join(f'{name} text' for name in COLUMNS)})")
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        source = io.BytesIO(text.getvalue().encode())
        started = time.perf_counter()
        await connection.copy_to_table("bare", source=source, format="csv")
        seconds = time.perf_counter() - started
        await connection.execute("DROP TABLE bare")
    finally:
        await connection.close()
    return len(rows) / seconds


async def take(supplier: int, path: Path, told: Callable[[str], None]) -> tuple[float, float, progress.Progress]:
    """Seconds until a file is in PostgreSQL and until it is searchable."""
    started, in_postgres = time.perf_counter(), 0.0
    feed, shown = await feeds.receive_file(supplier, path), 0.0
    while True:
        found = await progress.of(feed)
        passed = time.perf_counter() - started
        if found.state == "failed":
            raise click.ClickException(found.failure)
        if found.state == "finished" and not in_postgres:
            in_postgres = passed
        if found.is_settled:
            return in_postgres, passed, found
        if passed - shown > 5:
            shown = passed
            told(f"  {passed:.0f} s: {found.in_catalogue:,} in PostgreSQL, {found.searchable:,} searchable")
        await asyncio.sleep(0.1)


class Peak:
    """The largest resident memory of a process, in MB. The kernel keeps it; it is gone with the process."""

    def __init__(self, pid: int) -> None:
        self._status, self.megabytes, self._over = Path(f"/proc/{pid}/status"), 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.2) and self._status.exists():
            for line in self._status.read_text().splitlines():
                if line.startswith("VmHWM"):
                    self.megabytes = int(line.split()[1]) / 1024


async def measure(rows: list[tuple[str, ...]], folder: Path, told: Callable[[str], None]) -> Figures:
    first, second = folder / "first.csv", folder / "second.csv"
    write_feed(first, rows)
    write_feed(second, [(*rows[0][:5], "1.99", *rows[0][6:]), *rows[1:]])
    async with connected():
        await world.prepare()
        supplier, _ = await supplier_of("Bench")
        copies = [await copy_rate(rows)]
        with _worker(folder) as pid, Peak(pid) as peak:
            told("First time ...")
            applied, searchable, _ = await take(supplier, first, told)
            told("Again, one row changed ...")
            again, _, found = await take(supplier, second, told)
        copies.append(await copy_rate(rows))
        await queue.close()
    count, copy = len(rows), sum(copies) / len(copies)
    return Figures(
        rows=count,
        megabytes=round(first.stat().st_size / 1e6, 1),
        to_postgres_rows_per_second=round(count / applied),
        to_searchable_rows_per_second=round(count / searchable),
        again_rows_per_second=round(count / again),
        again_applied=found.applied,
        copy_rows_per_second=round(copy),
        ratio=round(count / applied / copy, 4),
        peak_worker_megabytes=round(peak.megabytes, 1),
    )


@contextmanager
def _worker(folder: Path) -> Iterator[int]:
    with (folder / "worker.log").open("ab") as output:
        process = processes.start(shop.worker_command(), output=output, environment={"FEIRA_SUPERVISED": "1"})
    try:
        yield process.pid
    finally:
        processes.stop(process)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the figures for programs.")
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(100, 5_000_000))
def main(rows: int, as_json: bool) -> None:
    """Measure a feed of ROWS rows on its way in."""
    console = Console(stderr=True, highlight=False)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="feira-bench-")))
        os.environ.update(FEIRA_DATA=str(folder), LOG_LEVEL="warning")
        settings.cache_clear()
        stack.enter_context(surroundings(exclusive=True))
        asyncio.run(migrations.migrate())
        figures = asyncio.run(measure(list(rows_of(rows)), folder, console.print))
    if as_json:
        click.echo(json.dumps(asdict(figures), indent=2))
        return
    table = Table("figure", "value")
    for name, value in asdict(figures).items():
        table.add_row(name.replace("_", " "), f"{value:,}")
    Console(highlight=False).print(table)


if __name__ == "__main__":
    main()
