"""What is printed on an invoice and on a credit note: kept with it, so that it never changes."""

from datetime import date
from decimal import Decimal

import msgspec

from app.infra.database import fetch
from app.infra.settings import settings


class Party(msgspec.Struct, frozen=True):
    name: str
    lines: tuple[str, ...]  # the address
    tax_number: str = ""


class Item(msgspec.Struct, frozen=True):
    """A line of goods, or the delivery of a parcel. The amount includes VAT; the price of a piece is as prices were."""

    name: str
    seller: str
    pieces: int
    unit_price_minor: int
    amount_minor: int
    vat_minor: int
    vat_percent: str = "23"
    sku: str = ""


class Facts(msgspec.Struct, frozen=True):
    """A document. Of a credit note, `refers_to` is the number of its invoice and amounts are what goes back."""

    number: str
    order: str
    issued_on: date
    seller: Party
    buyer: Party
    items: tuple[Item, ...]
    currency: str
    amount_minor: int
    vat_minor: int
    payment: str = ""
    refers_to: str = ""
    reason: str = ""
    is_net: bool = False  # prices were without VAT


def percent(rate: Decimal) -> str:
    """ "23", "6.5"."""
    return f"{rate.normalize():f}"


def shop() -> Party:
    """Who issues the documents."""
    name, *lines = settings().shop_identity.split("|")
    return Party(name.strip(), tuple(line.strip() for line in lines), settings().shop_tax_number)


def encode(facts: Facts) -> str:
    return msgspec.json.encode(facts).decode()


def decode(text: str) -> Facts:
    return msgspec.json.decode(text, type=Facts)


async def invoices_of(order: int) -> list[Facts]:
    """One; none before the order is paid."""
    rows = await fetch('SELECT facts::text AS facts FROM invoice WHERE "order" = $1', order)
    return [decode(row["facts"]) for row in rows]


async def credit_notes_of(order: int) -> list[Facts]:
    """In the order in which they were written."""
    rows = await fetch('SELECT facts::text AS facts FROM credit_note WHERE "order" = $1 ORDER BY id', order)
    return [decode(row["facts"]) for row in rows]
