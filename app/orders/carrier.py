"""What the shop asks of whoever carries its parcels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from app.orders.tables import TrackingKind


class CarrierUnavailable(Exception):
    """The carrier cannot be reached; what was asked may or may not have happened."""


@dataclass(frozen=True)
class Consignment:
    """A packed parcel. The same `reference` again is the same consignment."""

    reference: str  # "F-2611-48K7Q/1"
    warehouse: str
    postcode: str  # of another country than the shop's marked with it
    place: str
    service_level: str


@dataclass(frozen=True)
class Scan:
    """One thing a carrier says of a shipment; `event` is its own name of it, the same each time."""

    tracking_code: str
    event: str
    kind: TrackingKind
    place: str
    at: datetime
    expected_on: date | None = None  # when it now should arrive, where that has changed


class Carrier(Protocol):
    """Every call may go over a network: never inside a transaction. All raise CarrierUnavailable."""

    async def accept(self, parcel: Consignment) -> str:
        """Take the parcel, once per reference; returns its tracking code."""

    async def news(self, codes: Sequence[str]) -> list[Scan]:
        """All that is known of these shipments so far, the oldest first."""
