"""How good rows leave for the catalogue: beside an event on topic `offers`, in the transaction of what caused them.

The event says where the rows lie, so that a large feed fills neither the log nor its memory. Large feeds have a lane of
their own (topic `offers-bulk`): small ones, and single offers by API, overtake them.
"""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

import msgspec

from app.catalog.offered import OfferRow
from app.events.outbox import publish
from app.infra.database import execute
from app.suppliers.rows import Row

BULK_BYTES = 2 * 1024 * 1024  # a larger file takes the slow lane

_said = attrgetter(*[name for name in OfferRow.__struct_fields__ if name != "fingerprint"])
_encode = msgspec.msgpack.Encoder().encode


def is_bulk(size: int) -> bool:
    """Whether a feed of so many bytes goes by the slow lane."""
    return size > BULK_BYTES


def topic_of(*, bulk: bool) -> str:
    return "offers-bulk" if bulk else "offers"


async def publish_batch(
    *,
    feed: int,
    supplier: int,
    number: int,
    rows: Sequence[Row],
    fingerprints: Sequence[int | None] | None = None,
    bulk: bool = False,
    counted_at: datetime,
) -> None:
    """Batch `number` (from 0) of a feed that came in at `counted_at`, with the fingerprints of its rows if the feed's
    reader compares them."""
    prints = fingerprints or [None] * len(rows)
    packed = _encode([(*_said(row), fingerprint) for row, fingerprint in zip(rows, prints, strict=True)])
    await execute("INSERT INTO offer_batch (feed, number, rows) VALUES ($1, $2, $3)", feed, number, packed)
    event = {"kind": "batch", "feed": feed, "supplier": supplier, "number": number, "bulk": bulk}
    await publish(topic_of(bulk=bulk), str(supplier), {**event, "counted_at": counted_at.isoformat()})


async def publish_end(
    *, feed: int, supplier: int, batches: int, mode: str, bulk: bool = False, confirmed: bool = False
) -> None:
    """All of a feed has been read. `confirmed`: its supplier means what it withdraws."""
    end = {"kind": "end", "feed": feed, "supplier": supplier, "batches": batches, "mode": mode}
    await publish(topic_of(bulk=bulk), str(supplier), {**end, "bulk": bulk, "confirmed": confirmed})
