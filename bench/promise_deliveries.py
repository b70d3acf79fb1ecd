"""Reads deliveries and the places of postcodes, as the Olist files write them."""

from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from app.delivery.learning.effects import Codes, Factor, coded
from app.delivery.learning.observations import Parcels
from app.delivery.learning.survival import Floats
from bench import real_files

NEEDED = (
    "order_id",
    "order_status",
    "order_purchase_timestamp",
    "order_delivered_carrier_date",
    "order_delivered_customer_date",
    "order_estimated_delivery_date",
    "customer_zip_code_prefix",
    "customer_state",
    "seller_id",
    "seller_zip_code_prefix",
    "seller_state",
)
PLACE_NEEDED = ("geolocation_zip_code_prefix", "geolocation_lat", "geolocation_lng")
VOID = {"canceled", "cancelled", "unavailable"}
BAND_KM = (25, 50, 100, 200, 300, 400, 500, 600, 800, 1000, 1250, 1500, 1750, 2000, 2500, 3000)
EARTH_KM = 12_742.0  # twice its radius


@dataclass(frozen=True)
class Deliveries:
    """Orders by the moment of purchase, with what was known of each when it was bought."""

    ids: list[str]
    parcels: Parcels
    given: Floats
    """Days that the shop of the file promised; NaN: it did not."""
    factors: tuple[Factor, ...]
    states: Codes
    state_count: int
    unreadable: int
    """Rows without a time of purchase: nobody can promise them anything."""


def read(deliveries: Path, postcodes: Path) -> Deliveries:
    """Raises click.ClickException: a file cannot be read, or has not the columns."""
    places = _places(postcodes)
    rows, unreadable = [], 0
    for _, row in real_files.rows(deliveries, NEEDED):
        bought = _moment(row["order_purchase_timestamp"])
        if bought is None:
            unreadable += 1
        else:
            rows.append((bought, row))
    if not rows:
        raise click.ClickException(f"{deliveries}: no order has a time of purchase")
    rows.sort(key=lambda pair: (pair[0], pair[1]["order_id"]))
    ordered, orders = np.array([pair[0] for pair in rows]), [row for _, row in rows]
    states, state_count = coded([row["customer_state"] for row in orders])
    return Deliveries(
        [row["order_id"] for row in orders],
        _parcels(ordered, orders),
        _moments(orders, "order_estimated_delivery_date", days=True) - np.floor(ordered),
        _factors(orders, ordered, places),
        states,
        state_count,
        unreadable,
    )


def _parcels(ordered: Floats, orders: list[dict[str, str]]) -> Parcels:
    status = [row["order_status"].strip().lower() for row in orders]
    is_void = np.array([one in VOID for one in status])
    delivered = _moments(orders, "order_delivered_customer_date")
    delivered[np.array([one != "delivered" for one in status]) | (delivered < ordered)] = np.nan
    took = np.floor(delivered) - np.floor(ordered)
    handed_over = _moments(orders, "order_delivered_carrier_date")
    return Parcels(ordered, handed_over, delivered, took, is_void, np.zeros(len(ordered)))


def _factors(
    orders: list[dict[str, str]], ordered: Floats, places: dict[str, tuple[float, float]]
) -> tuple[Factor, ...]:
    """What tells the days: band of distance, state, pair of states, three digits of the postcode, seller, weekday."""
    to = [_prefix(row["customer_zip_code_prefix"]) for row in orders]
    out_of = [_prefix(row["seller_zip_code_prefix"]) for row in orders]
    km = np.array([_km(places.get(a), places.get(b)) for a, b in zip(out_of, to, strict=True)])
    bands = np.where(np.isnan(km), len(BAND_KM) + 1, np.searchsorted(BAND_KM, np.nan_to_num(km)))
    pairs = [(row["seller_state"], row["customer_state"]) for row in orders]
    return (
        Factor(bands.astype(np.int64), len(BAND_KM) + 2, 30),
        Factor(*coded([row["customer_state"] for row in orders]), 30),
        Factor(*coded(pairs), 30),
        Factor(*coded([prefix[:3] for prefix in to]), 20),
        Factor(*coded([row["seller_id"] for row in orders]), 8),
        Factor(np.floor(ordered).astype(np.int64) % 7, 7, 50),
    )


def _km(a: tuple[float, float] | None, b: tuple[float, float] | None) -> float:
    """The distance on the sphere (haversine); NaN when one end is unknown."""
    if a is None or b is None:
        return float("nan")
    (lat_a, lng_a), (lat_b, lng_b) = np.radians(a), np.radians(b)
    h = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lng_b - lng_a) / 2) ** 2
    return float(EARTH_KM * np.arcsin(np.sqrt(min(h, 1.0))))


def _places(path: Path) -> dict[str, tuple[float, float]]:
    found = {}
    for _, row in real_files.rows(path, PLACE_NEEDED):
        try:
            place = float(row["geolocation_lat"]), float(row["geolocation_lng"])
        except ValueError:
            continue  # a postcode without a place is one that we do not know
        found[_prefix(row["geolocation_zip_code_prefix"])] = place
    return found


def _prefix(text: str) -> str:
    return text.strip().zfill(5)


def _moments(orders: list[dict[str, str]], column: str, *, days: bool = False) -> Floats:
    found = [_moment(row[column][:10] if days else row[column]) for row in orders]
    return np.array([np.nan if moment is None else moment for moment in found])


def _moment(text: str) -> float | None:
    """In days; None for nothing, or what is no time."""
    try:
        return real_files.days(text)
    except ValueError:
        return None
