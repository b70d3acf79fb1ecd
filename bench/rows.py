"""Rows of made-up feeds, the same each time."""

import csv
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

COLUMNS = ("sku", "title", "description", "brand", "category", "price", "currency", "gtin", "stock", "colour", "image")
THINGS = ("lamp", "mug", "chair", "blanket", "kettle", "runner", "notebook", "bowl", "shelf", "towel")
COLOURS = ("bottle green", "terracotta", "cobalt", "chalk", "ochre", "graphite")
WORDS = ("oak", "linen", "stoneware", "brass", "wool", "cotton", "glass", "cork", "steel", "paper", "felt", "cane")


def rows_of(count: int) -> Iterator[tuple[str, ...]]:
    """The same rows each time."""
    chance = random.Random(20_26)
    for number in range(count):
        words = chance.sample(WORDS, 4)
        thing, colour = chance.choice(THINGS), chance.choice(COLOURS)
        title = f"{words[0].capitalize()} {words[1]} {thing} {number}"
        description = f"A {thing} of {words[2]} and {words[3]}, in {colour}. " + " ".join(chance.choices(WORDS, k=20))
        price = f"{chance.randint(2, 400)}.{chance.randint(0, 99):02}"
        code = f"560{number:09}"
        gtin = f"{code}{check_digit(code)}"
        stock = str(chance.randint(0, 60))
        yield f"B-{number}", title, description, "Oficina", thing, price, "EUR", gtin, stock, colour, ""


def check_digit(code: str) -> int:
    """The last of a GTIN's 13 digits, for the 12 before it."""
    return -sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code)) % 10


def write_feed(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", newline="") as output:
        writer = csv.writer(output)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
