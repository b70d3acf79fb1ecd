"""What suppliers' feeds say, as it travels on the topic `offers`."""

from typing import Any, Literal

import msgspec


class OfferRow(msgspec.Struct, frozen=True):
    """One checked row of a feed. Prices are minor units of `currency`; `stock` is warehouse code → pieces."""

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

    @property
    def hash(self) -> bytes:
        return bytes.fromhex(self.content_hash)

    @property
    def key(self) -> str:
        """What makes a product inside one supplier's feeds."""
        return self.group or self.sku


class Batch(msgspec.Struct, frozen=True, tag_field="kind", tag="batch"):
    """Some rows of a feed. `listed` are SKUs whose rows were rejected: they are not missing from the feed."""

    feed: int
    supplier: int
    number: int
    mode: Literal["full", "delta"]
    rows: list[OfferRow]
    listed: list[str] = []


class End(msgspec.Struct, frozen=True, tag_field="kind", tag="end"):
    """A feed has been read to its end, in `batches` batches. `confirmed`: its supplier means what it withdraws."""

    feed: int
    supplier: int
    batches: int
    mode: Literal["full", "delta"]
    confirmed: bool = False


def parse(payload: dict[str, Any]) -> Batch | End:
    return msgspec.convert(payload, type=Batch | End)
