"""What suppliers' feeds say, as it travels on the topic `offers`."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from app.infra.database import fetch_one


class OfferRow(msgspec.Struct, frozen=True, array_like=True):
    """One checked row of a feed. Prices are minor units of `currency`; `stock` is warehouse code → pieces.

    `fingerprint` is that of the row as it was sent, None if the same row could be judged differently another time.
    """

    sku: str
    title: str
    description: str
    brand: str
    category_path: str
    price_minor: int
    currency: str
    list_price_minor: int | None
    gtin: str | None
    group: str | None
    note: str
    options: dict[str, str]
    attributes: dict[str, str]
    image: str | None
    stock: dict[str, int] | None
    available: bool
    handling_days: int | None
    content_hash: str
    fingerprint: int | None = None

    @property
    def hash(self) -> bytes:
        return bytes.fromhex(self.content_hash)

    @property
    def key(self) -> str:
        """What makes a product inside one supplier's feeds."""
        return self.group or self.sku


class Batch(msgspec.Struct, frozen=True, tag_field="kind", tag="batch"):
    """Some rows of a feed, which lie in `offer_batch`. `bulk`: many more come; they may wait for others.

    `counted_at`: when the feed came in; its stock is as of then.
    """

    feed: int
    supplier: int
    number: int
    bulk: bool = False
    counted_at: datetime | None = None


class End(msgspec.Struct, frozen=True, tag_field="kind", tag="end"):
    """A feed has been read to its end, in `batches` batches. `confirmed`: its supplier means what it withdraws."""

    feed: int
    supplier: int
    batches: int
    mode: Literal["full", "delta"]
    bulk: bool = False
    confirmed: bool = False


async def rows_of(batch: Batch) -> list[OfferRow]:
    """Take the rows of a batch out of their table, in the caller's transaction.

    Raises:
        LookupError: they are not there.
    """
    found = await fetch_one(
        "DELETE FROM offer_batch WHERE feed = $1 AND number = $2 RETURNING rows", batch.feed, batch.number
    )
    if found is None:
        raise LookupError(f"batch {batch.number} of feed {batch.feed} has no rows")
    return _rows.decode(found["rows"])


_rows = msgspec.msgpack.Decoder(list[OfferRow])


def parse(payload: dict[str, Any]) -> Batch | End:
    return msgspec.convert(payload, type=Batch | End)
