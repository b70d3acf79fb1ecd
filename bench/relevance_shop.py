"""A shop that holds a catalogue, brought in as a supplier's feed."""

import asyncio
import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from rich.console import Console

from app.catalog.sellers import supplier_of
from app.cli import shop
from app.cli.feeds import follow
from app.cli.surroundings import surroundings
from app.demo import world
from app.infra import logs, migrations, queue
from app.infra.database import connected, fetch
from app.infra.settings import settings
from app.search import rebuilding
from app.suppliers import progress, receiving
from bench.relevance_catalogue import write_feed
from bench.shop import child, data_folder


@contextmanager
def shop_with(products: Path, console: Console) -> Iterator[dict[int, str]]:
    """A shop with this catalogue; yields product id -> document id. Kept for the next time where FEIRA_DATA is set."""
    with ExitStack() as stack:
        stack.enter_context(data_folder())
        os.environ["LOG_LEVEL"] = "warning"
        settings.cache_clear()
        logs.configure()  # standard output is for the answer
        stack.enter_context(surroundings(exclusive=True))
        asyncio.run(_bring_in(products, console))
        yield asyncio.run(_documents())


async def _bring_in(products: Path, console: Console) -> None:
    await migrations.migrate()
    feed = settings().feira_data / "catalogue.jsonl"
    stamp = settings().feira_data / "catalogue.sha256"
    digest = await asyncio.to_thread(_digest, products)
    if stamp.exists() and stamp.read_text() == digest:
        async with connected():
            await rebuilding.ensure()
        return
    count = write_feed(products, feed)
    console.print(f"{count:,} products come in as a feed ...")
    async with connected():
        await world.prepare()
        supplier, _ = await supplier_of("Bench")
        with child("worker", shop.worker_command()):
            number = await receiving.receive_file(supplier, feed)
            await follow([number], console)
        found = await progress.of(number)
        await queue.close()
    if found.state == "failed":
        raise click.ClickException(found.failure)
    console.print("  ".join(f"{name} {value}" for name, value in found.counts().items()))
    feed.unlink()
    stamp.write_text(digest)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def _documents() -> dict[int, str]:
    """The document id of every product; of several that share a GTIN, and so are one product, the first."""
    async with connected():
        rows = await fetch(
            "SELECT v.product, min(o.supplier_sku) AS sku FROM variant v JOIN offer o ON o.variant = v.id GROUP BY 1"
        )
    return {row["product"]: row["sku"] for row in rows}
