"""`./feira feed import`: a file becomes a feed, as if it had been uploaded."""

import asyncio
import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.catalog.sellers import supplier_of
from app.cli.failures import CannotContinue
from app.cli.migrating import migrated
from app.cli.shop import worker_command
from app.cli.surroundings import surroundings
from app.infra import queue
from app.infra.database import connected
from app.infra.embedded import processes
from app.suppliers import progress, receiving

SAY_SECONDS = 60
GIVE_UP_SECONDS = 600  # a small machine that has much else to do is slow, not broken


@contextlib.contextmanager
def with_worker(needed: bool) -> Iterator[None]:
    """A worker for the block, when no shop is running that has one."""
    if not needed:
        yield
        return
    with (Path(os.environ["FEIRA_DATA"]) / "worker.log").open("ab") as output:
        process = processes.start(worker_command(), output=output, environment={"FEIRA_SUPERVISED": "1"})
    try:
        yield
    finally:
        processes.stop(process)


def import_file(file: Path, supplier: str, mode: str, *, dry_run: bool, wait: bool, as_json: bool) -> None:
    """Take `file` as a feed of the supplier of that name, who may be new. A `dry_run` only shows what would change.

    Raises:
        CannotContinue: the name is not one, or the feed cannot be read to its end.
    """
    if not supplier.strip() or len(supplier) > 120:
        raise CannotContinue("--supplier: give a name of at most 120 characters")
    with surroundings() as started, with_worker(bool(started) and wait):
        counts = asyncio.run(_import(file, supplier, mode, dry_run=dry_run, wait=wait))
    if as_json:
        click.echo(json.dumps(counts))
    else:
        click.echo("  ".join(f"{name} {value}" for name, value in counts.items()))


async def _import(file: Path, supplier: str, mode: str, *, dry_run: bool, wait: bool) -> dict[str, int | str]:
    await migrated()
    async with connected():
        supplier_id, is_new = await supplier_of(supplier)
        if is_new:
            click.echo(f"{supplier} is a new supplier.", err=True)
        feed = await receiving.receive_file(supplier_id, file, mode=mode, dry_run=dry_run)
        if not wait:
            await queue.close()
            return {"feed": feed}
        await follow([feed], Console(stderr=True, highlight=False))
        found = await progress.of(feed)
        await queue.close()
        if found.state == "failed":
            raise CannotContinue(f"{file.name}: {found.failure}")
        return {**found.counts(), **(found.would() if dry_run else {})}


async def follow(feed_ids: list[int], console: Console) -> None:
    """Show a bar until every row of the feeds is searchable or rejected.

    Raises:
        CannotContinue: nothing has moved for GIVE_UP_SECONDS.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task("Searchable", total=None)
        moved_at, last, said = time.monotonic(), "", False
        while True:
            found = [await progress.of(feed) for feed in feed_ids]
            done = sum(one.received if one.dry_run else one.searchable + one.rejected for one in found)
            bars.update(bar, completed=done, total=max(sum(one.received for one in found), 1))
            if all(one.is_settled for one in found):
                return
            if (standing := _standing(found)) != last:
                moved_at, last, said = time.monotonic(), standing, False
            quiet = time.monotonic() - moved_at
            if quiet > GIVE_UP_SECONDS:
                raise CannotContinue(f"nothing has moved for {GIVE_UP_SECONDS // 60} minutes: {standing}")
            if quiet > SAY_SECONDS and not said:
                said = True
                console.print(f"Nothing has moved for a minute: {standing}; waiting on ...", markup=False)
            await asyncio.sleep(0.2)


def _standing(found: list[progress.Progress]) -> str:
    """How far they have come, and where it is written why they do not go on."""
    rows, applied = sum(one.received for one in found), sum(one.in_catalogue for one in found)
    where = f"{applied:,} of {rows:,} rows are in the catalogue, {sum(one.searchable for one in found):,} searchable"
    return f"{where}. It goes on when a worker can; its log, worker.log, says why not"
