"""How fast a feed goes in: file to PostgreSQL, and to the search index, beside the same rows by bare COPY.

    ./feira bench feeds [--json] [--rows 100000]

The shop is empty, with servers and a worker of its own. There are two limits, both measured in the same run: the texts
of the rows by COPY into a table without keys; and what the feed made of them by COPY into tables with the same keys,
indexes and constraints as the shop's. The ratios are what to quote.
"""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from app.catalog.sellers import supplier_of
from app.cli import shop
from app.demo import world
from app.infra import queue
from app.infra.database import connected
from app.suppliers import progress, receiving
from bench.limits import copy_into_tables, copy_texts
from bench.memory import Peaks
from bench.rows import rows_of, write_feed
from bench.shop import child, empty_shop


@dataclass(frozen=True)
class Figures:
    rows: int
    megabytes: float
    to_postgres_rows_per_second: float
    to_searchable_rows_per_second: float | None
    again_seconds: float  # the same rows in another file, one of them changed
    again_share: float  # of the time of the first feed
    again_applied: int
    copy_texts_rows_per_second: float
    copy_tables_rows_per_second: float
    ratio_to_texts: float  # of file to PostgreSQL and COPY of the texts
    ratio_to_tables: float  # of file to PostgreSQL and COPY into equal tables
    peak_megabytes: dict[str, float]  # resident, by process of the worker


async def take(
    supplier: int, path: Path, told: Callable[[str], None], *, searchable: bool
) -> tuple[float, float, progress.Progress]:
    """Seconds until a file is in PostgreSQL, and until it is searchable (0.0 if that is not waited for)."""
    started, in_postgres = time.perf_counter(), 0.0
    feed, shown = await receiving.receive_file(supplier, path), 0.0
    while True:
        found = await progress.of(feed)
        passed = time.perf_counter() - started
        if found.state == "failed":
            raise click.ClickException(found.failure)
        if found.state == "finished" and not in_postgres:
            in_postgres = passed
            told(f"  {passed:.1f} s: all in PostgreSQL")
        if in_postgres and not searchable:
            return in_postgres, 0.0, found
        if found.is_settled:
            return in_postgres, passed, found
        if passed - shown > 5:
            shown = passed
            told(f"  {passed:.0f} s: {found.in_catalogue:,} in PostgreSQL, {found.searchable:,} searchable")
        await asyncio.sleep(0.25)


async def measure(count: int, folder: Path, told: Callable[[str], None], *, searchable: bool) -> Figures:
    first, second = folder / "first.csv", folder / "second.csv"
    write_feed(first, rows_of(count))
    write_feed(second, ((*row[:5], "1.99", *row[6:]) if row[0] == "B-0" else row for row in rows_of(count)))
    async with connected():
        await world.prepare()
        supplier, _ = await supplier_of("Bench")
        texts = [await copy_texts(first, count)]
        with child("worker", shop.worker_command()) as worker, Peaks(worker.pid) as peaks:
            told("First time ...")
            applied, found, _ = await take(supplier, first, told, searchable=searchable)
            told("Again, one row changed ...")
            again, _, changed = await take(supplier, second, told, searchable=False)
        texts.append(await copy_texts(first, count))
        tables = await copy_into_tables(folder, count)
        await queue.close()
    copy = sum(texts) / len(texts)
    return Figures(
        rows=count,
        megabytes=round(first.stat().st_size / 1e6, 1),
        to_postgres_rows_per_second=round(count / applied),
        to_searchable_rows_per_second=round(count / found) if found else None,
        again_seconds=round(again, 1),
        again_share=round(again / applied, 3),
        again_applied=changed.applied,
        copy_texts_rows_per_second=round(copy),
        copy_tables_rows_per_second=round(tables),
        ratio_to_texts=round(count / applied / copy, 4),
        ratio_to_tables=round(count / applied / tables, 3),
        peak_megabytes=peaks.megabytes,
    )


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the figures for programs.")
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(100, 5_000_000))
@click.option("--searchable/--no-searchable", default=True, show_default=True, help="Wait for the search index, too.")
def main(rows: int, as_json: bool, searchable: bool) -> None:
    """Measure a feed of ROWS rows on its way in."""
    console = Console(stderr=True, highlight=False)
    with empty_shop() as folder:
        figures = asyncio.run(measure(rows, folder, console.print, searchable=searchable))
    if as_json:
        click.echo(json.dumps(asdict(figures), indent=2))
        return
    table = Table("figure", "value")
    for name, value in asdict(figures).items():
        table.add_row(name.replace("_", " "), f"{value:,}" if isinstance(value, int | float) else str(value))
    Console(highlight=False).print(table)


if __name__ == "__main__":
    main()
