"""Feeds on their way in, for tests: writes them, reads them, and moves their events by hand, through the real log."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.events.consumers import NotYet
from app.events.log import StreamLog
from app.events.relay import relay
from app.infra import redis
from app.infra.database import execute, fetch
from app.suppliers import progress, reading, receiving
from app.suppliers.arriving import Arrival, feeds_folder
from app.suppliers.progress import Progress
from workers.consumers import take_offers

LANES = ("offers", "offers-bulk")


def row(sku: str, title: str = "Alcova desk lamp", price: str = "48.90", stock: int = 5, **more: str) -> dict[str, str]:
    return {"sku": sku, "title": title, "price": price, "stock": str(stock), "category": "Desk lamps", **more}


def rows(count: int, price: str = "48.90") -> list[dict[str, str]]:
    return [row(f"S{number}", f"Lamp {number}", price) for number in range(count)]


def as_csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [columns] + [[row.get(name, "") for name in columns] for row in rows]
    return "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines).encode()


async def send(supplier: int, content: bytes | Sequence[Mapping[str, str]], mode: str = "full") -> int:
    """A feed that waits for its reader."""
    with Arrival() as arrival:
        arrival.write(content if isinstance(content, bytes) else as_csv(content))
        return await receiving.receive(supplier, "catalogue.csv", arrival, mode=mode)


async def send_and_take(supplier: int, content: bytes | Sequence[Mapping[str, str]], mode: str = "full") -> Progress:
    """A feed that goes all the way into the catalogue."""
    feed = await send(supplier, content, mode)
    await reading.read_feed(feed)
    await take_all()
    return await progress.of(feed)


async def take_all(most: int = 1000) -> int:
    """Let consumer `catalog` take what is in the outbox, until nothing is left; returns the number of events."""
    log = StreamLog(redis.client(patient=True))
    taken = 0
    for topic in LANES:
        await log.join("catalog", topic)
    for _ in range(most):
        moved = await relay(log)
        entries = [(topic, *entry) for topic in LANES for entry in await log.read("catalog", "test", topic, 1, 1)]
        if not moved and not entries:
            return taken
        for topic, position, event in entries:
            try:
                await take_offers([event])
                taken += 1
            except NotYet:
                await execute("UPDATE outbox SET relayed_at = NULL WHERE event_id = $1", event.event_id)
            await log.acknowledge("catalog", topic, [position])
    raise AssertionError("the events never end")


async def offers(supplier: int) -> dict[str, Any]:
    """SKU → what is on sale now."""
    rows = await fetch(
        """SELECT o.*, v.product, v.gtin, v.options, v.sku AS our_sku, p.name, p.slug, p.version, p.description,
                  p.image,
                  (SELECT sum(on_hand) FROM stock s WHERE s.offer = o.id) AS on_hand
           FROM offer o JOIN variant v ON v.id = o.variant JOIN product p ON p.id = v.product
           WHERE o.supplier = $1 AND o.withdrawn_at IS NULL""",
        supplier,
    )
    return {row["supplier_sku"]: row for row in rows}


async def product_events() -> list[list[int]]:
    rows = await fetch("SELECT payload FROM outbox WHERE topic LIKE 'products%' ORDER BY id")
    return [json.loads(row["payload"])["products"] for row in rows]


async def rate(currency: str, per_euro: str) -> None:
    await execute(
        "INSERT INTO exchange_rate (currency, per_unit, as_of) VALUES ($1, $2::text::numeric, CURRENT_DATE)",
        currency,
        per_euro,
    )


def unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def stored_files() -> set[Path]:
    return {path for path in feeds_folder().rglob("*") if path.is_file()}
