"""How good rows leave for the catalogue: events on topic `offers`, written in the transaction of what caused them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from app.events.outbox import publish
from app.suppliers.rows import Row


async def publish_batch(
    *, feed: int, supplier: int, number: int, mode: str, rows: Sequence[Row], listed: Sequence[str] = ()
) -> None:
    """Batch `number` (from 0) of a feed. `listed`: SKUs of rejected rows, which are not missing from the feed."""
    batch = {"kind": "batch", "feed": feed, "supplier": supplier, "number": number, "mode": mode}
    await publish("offers", str(supplier), {**batch, "rows": [_payload(row) for row in rows], "listed": list(listed)})


async def publish_end(*, feed: int, supplier: int, batches: int, mode: str, confirmed: bool = False) -> None:
    """All of a feed has been read. `confirmed`: its supplier means what it withdraws."""
    end = {"kind": "end", "feed": feed, "supplier": supplier, "batches": batches, "mode": mode}
    await publish("offers", str(supplier), {**end, "confirmed": confirmed})


def _payload(row: Row) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.to_builtins(row)
    return {name: value for name, value in said.items() if name not in ("line", "warnings")}
