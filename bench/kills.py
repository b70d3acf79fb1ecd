"""A drill: the shop's parts are killed at seeded random moments while feeds are on their way, and nothing may be lost.

    ./feira bench kills [--kills 50] [--seed 1] [--rows 8000] [--json]

The servers and the worker are the shop's own, watched over as by `./feira run`. Feeds come in waves: full and delta,
large and small, with bad rows, from suppliers that share articles. When the shop has come to rest after a wave, all of
it is compared with the files. Exit status 1 if anything differs.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from app.cli import shop
from app.cli.surroundings import surroundings
from app.infra import logs
from app.infra.embedded import processes
from app.infra.settings import settings
from bench.drill import Drill, Result, console
from bench.shop import data_folder, migrate_new
from bench.victims import Victims
from bench.watching import watch_while

LOG_LINES, LINE_CHARS = 40, 300  # shown of the worker's log when something is wrong


@contextlib.contextmanager
def watched(folder: Path, kills: int) -> Iterator[shop.Watch]:
    """The private servers and the worker, as `./feira run` has them; it may restart each as often as it is killed."""
    with surroundings(exclusive=True) as servers:
        asyncio.run(migrate_new())
        worker = shop.Part("worker", shop.worker_command(), folder / "worker.log")
        try:
            yield shop.Watch([*servers, worker], restarts=kills + shop.RESTARTS)
        finally:
            worker.stop()


def drilled(folder: Path, kills: int, seed: int, rows: int) -> Result:
    with watched(folder, kills) as watch:
        drill = Drill(folder, Victims(watch.watched, kills, seed), kills, seed, rows)
        watch_while(watch, drill.run)
    return drill.result


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the outcome for programs.")
@click.option("--kills", default=50, show_default=True, type=click.IntRange(1, 1000))
@click.option("--seed", default=1, show_default=True, type=int)
@click.option("--rows", default=8_000, show_default=True, type=click.IntRange(1_000, 100_000), help="Of large feeds.")
def main(as_json: bool, kills: int, seed: int, rows: int) -> None:
    """Kill parts of a shop KILLS times while it takes feeds, and compare what comes of them with the files."""
    with data_folder() as folder:
        os.environ.setdefault("LOG_LEVEL", "warning")
        settings.cache_clear()
        logs.configure()
        result = drilled(folder, kills, seed, rows)
        if result.violations:
            for line in processes.tail(folder / "worker.log", LOG_LINES).splitlines():
                console.print(line[:LINE_CHARS], markup=False)
    click.echo(json.dumps(asdict(result), indent=2) if as_json else _in_words(result))
    raise SystemExit(1 if result.violations else 0)


def _in_words(result: Result) -> str:
    victims = ", ".join(f"{name} {count}" for name, count in sorted(result.by_victim.items()))
    told = (
        f"{result.kills} kills ({victims}) during {result.feeds} feeds of {result.rows:,} rows in {result.seconds} s.\n"
    )
    told += f"At rest after {result.converged_p95} s (95th percentile), {result.converged_max} s at most.\n"
    return told + ("\n".join(result.violations) or "Nothing was lost, and nothing done twice.")


if __name__ == "__main__":
    main()
