"""The demo catalogue comes in as suppliers' feeds do: through the same door, the same log, the same consumers."""

import asyncio
import os
from pathlib import Path

from rich.console import Console

from app.cli.feeds import follow
from app.delivery.transit.learning import learn_transit_times
from app.demo import deliveries, past_orders, past_prices, past_reviews, world
from app.demo.catalogue import write_feeds
from app.infra import migrations, queue, redis
from app.infra.database import connected, fetch_one
from app.recommendations.learned import learn_recommendations
from app.suppliers import receiving


def bring_in_if_empty(console: Console) -> None:
    """Fill an empty shop; leave one that has suppliers alone."""
    asyncio.run(_bring_in(console, only_if_empty=True))


def bring_in(console: Console) -> None:
    """Send the demo feeds; what is there already does not change."""
    asyncio.run(_bring_in(console, only_if_empty=False))


async def _bring_in(console: Console, *, only_if_empty: bool) -> None:
    await migrations.migrate()
    async with connected():
        if only_if_empty and await _is_somebodys_shop():
            if await past_orders.are_missing() or await past_reviews.are_missing():
                await _past(console)
            return
        console.print("Bringing in the demo catalogue (once) ...")
        await world.prepare()
        await deliveries.bring_in()
        await learn_transit_times()
        sent = [await _send(feed.supplier, feed.path) for feed in write_feeds(_folder())]
        await follow(sent, console)
        await _past(console)
        await queue.close()


async def _past(console: Console) -> None:
    """What was asked and bought before today, and what that teaches."""
    await past_prices.bring_in()
    brought = await past_orders.bring_in()
    await learn_recommendations()
    reviews = await past_reviews.bring_in()
    await redis.close()
    console.print(f"{brought} past orders and {reviews} reviews of what they brought are in.")


async def _is_somebodys_shop() -> bool:
    """Whether the first filling has been completed, or the catalogue is not the demo's."""
    row = await fetch_one(
        """SELECT EXISTS (SELECT FROM product)
             AND NOT EXISTS (SELECT FROM feed WHERE state IN ('waiting', 'reading', 'applying')) AS filled"""
    )
    return bool(row and row["filled"])


async def _send(supplier: str, path: Path) -> int:
    row = await fetch_one("SELECT id FROM supplier WHERE slug = $1", supplier)
    assert row is not None, f"the demo world has no supplier {supplier}"
    return await receiving.receive_file(row["id"], path, mode="full")


def _folder() -> Path:
    folder = Path(os.environ["FEIRA_DATA"]) / "demo"
    folder.mkdir(exist_ok=True)
    return folder
