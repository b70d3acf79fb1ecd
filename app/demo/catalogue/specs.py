"""What the demo catalogue is made of."""

from dataclasses import dataclass
from pathlib import Path

WAREHOUSES = ("LIS", "OPO", "FAO", "PDL")


@dataclass(frozen=True)
class SupplierSpec:
    slug: str
    name: str
    place: str
    about: str
    warehouse: str
    """Code of the warehouse that its stock lies in when a feed names none."""
    prefix: str
    """Of its SKUs."""


@dataclass(frozen=True)
class VariantSpec:
    serial: int
    gtin: str
    colour: str | None
    size: str | None
    options: dict[str, str]
    """Further options than colour and size, such as {"Base": "Clamp"}."""
    note: str
    image: str
    price: int
    """Euro cents, as the first supplier asks."""


@dataclass(frozen=True)
class ProductSpec:
    group: str
    """Its name as a slug; the makers' model number, so every supplier uses the same."""
    name: str
    brand: str
    category: str
    description: str
    attributes: dict[str, str]
    variants: tuple[VariantSpec, ...]
    sellers: tuple[str, ...]
    """Slugs of its suppliers, one to three, the first sets the price."""
    markdown: int
    """Percent that the first supplier took off; 0 for most."""


@dataclass(frozen=True)
class OfferSpec:
    sku: str
    product: ProductSpec
    variant: VariantSpec
    price: int
    list_price: int | None
    stock: dict[str, int]
    """Pieces per warehouse code."""
    handling_days: int


@dataclass(frozen=True)
class FeedFile:
    supplier: str
    path: Path
    format: str
    """One of csv, tsv, json, jsonl, google-rss, google-atom, shopify; the path ends in .gz when it is packed."""
