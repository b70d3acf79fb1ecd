"""Reads a log of purchases, as the UCI Online Retail file writes it, and cleans it."""

import re
from array import array
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from app.recommendations.learning.baskets import NOBODY, Baskets
from bench import real_files

NEEDED = ("InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID")
PRODUCT = re.compile(r"\d{5}|DCGS")
"""How the code of a product begins; others are postage, fees, discounts, samples, vouchers, corrections."""


@dataclass(frozen=True)
class Purchases:
    """Baskets by their time; an invoice is a basket. Ids of items and customers are numbered as they come."""

    baskets: Baskets
    lines: int
    left_out: int
    """Lines that buy no product: cancellations, what is given or written off, postage, fees."""


class _Invoices:
    """Invoices as they are met, with what each holds."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.items: dict[str, int] = {}
        self.customers: dict[str, int] = {}
        self.times, self.of = array("d"), array("q")
        self.line_invoices, self.line_items = array("q"), array("q")

    def take(self, invoice: str, code: str, customer: str, time: float) -> None:
        number = self.numbers.setdefault(invoice, len(self.numbers))
        if number == len(self.times):
            self.times.append(time)
            self.of.append(self.customers.setdefault(customer, len(self.customers)) if customer else NOBODY)
        self.line_invoices.append(number)
        self.line_items.append(self.items.setdefault(code, len(self.items)))

    def baskets(self) -> Baskets:
        times, customers = np.array(self.times), np.array(self.of)
        order = np.argsort(times, kind="stable")
        places = np.empty(len(order), dtype=np.int64)
        places[order] = np.arange(len(order))
        rows = places[np.array(self.line_invoices)]
        starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(order)))])
        items = np.array(self.line_items)[np.argsort(rows, kind="stable")]
        return Baskets(customers[order], times[order], starts, items)


def read(path: Path) -> Purchases:
    """Raises click.ClickException: the file cannot be read, has not the columns, or a line cannot be understood."""
    found, lines = _Invoices(), 0
    for number, row in real_files.rows(path, NEEDED):
        lines += 1
        invoice, code = row["InvoiceNo"].strip().upper(), row["StockCode"].strip().upper()
        quantity, price = _amount(path, number, row, "Quantity"), _amount(path, number, row, "UnitPrice")
        time = _moment(path, number, row["InvoiceDate"])
        # An invoice with a letter takes something back (C) or puts an account right (A).
        if invoice.isdigit() and PRODUCT.match(code) and quantity > 0 and price > 0:
            found.take(invoice, code, row["CustomerID"].strip(), time)
    if not found.times:
        raise click.ClickException(f"{path}: no line buys a product")
    return Purchases(found.baskets(), lines, lines - len(found.line_items))


def _amount(path: Path, number: int, row: dict[str, str], column: str) -> float:
    try:
        found = float(row[column])
    except ValueError:
        found = np.nan
    if not np.isfinite(found):
        raise click.ClickException(f"{path}, line {number}: {column} is no number: {row[column][:40]!r}")
    return found


def _moment(path: Path, number: int, text: str) -> float:
    try:
        return real_files.days(text)
    except ValueError:
        message = f"{path}, line {number}: InvoiceDate is no date: {text[:40]!r}"
        raise click.ClickException(message) from None
