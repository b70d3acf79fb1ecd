"""The Icecat products as a supplier would send them, and the people's judgments of them."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from bench.real_files import BROKEN, opened

KINDS = ("attr_t_", "attr_n_", "attr_b_")
STOCK = 5

Judgments = dict[str, dict[str, int]]
"""Query -> document id -> rating, 0 (not at all) to 3 (just right)."""


def write_feed(products: Path, feed: Path) -> int:
    """Write `products` as a feed of JSON Lines; returns how many.

    Raises:
        click.ClickException: the file cannot be read.
    """
    count = 0
    with feed.open("w", encoding="utf-8") as output:
        for product in _products(products):
            output.write(json.dumps(offer(product), ensure_ascii=False) + "\n")
            count += 1
    return count


def _products(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with opened(path) as lines:
            yield from (json.loads(line) for line in lines if line.strip())
    except (*BROKEN, ValueError) as error:
        raise click.ClickException(f"{path} cannot be read: {error}") from error


def offer(product: dict[str, Any]) -> dict[str, Any]:
    """One product under the names that our feeds have."""
    eans = product.get("ean") or [""]
    return {
        "sku": product["id"],
        "title": product["title"],
        "description": product.get("short_description", ""),
        "brand": product.get("supplier", ""),
        "gtin": eans[0],
        "price": f"{product['price'] / 100:.2f}",
        "currency": "EUR",
        "stock": STOCK,
        "attributes": {"Model": product.get("name", "")} | dict(_attributes(product)),
    }


def _attributes(product: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in product.items():
        if key.startswith(KINDS) and value not in ("", None):
            name = " ".join(key[len(KINDS[0]) :].replace("_", " ").split())
            yield name[:1].upper() + name[1:], f"{value:g}" if isinstance(value, float) else str(value)


def read_judgments(path: Path) -> Judgments:
    """Raises click.ClickException: it is no CSV with the columns query, docid and rating."""
    found: Judgments = defaultdict(dict)
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                found[row["query"]][row["docid"]] = round(float(row["rating"]))
    except (OSError, KeyError, TypeError, ValueError, csv.Error) as error:
        raise click.ClickException(f"{path} has no readable columns query, docid, rating: {error!r}") from error
    if not found:
        raise click.ClickException(f"{path} holds no judgments")
    return dict(found)
