"""Feeds for the drill of kills, and what has to come of them, worked out from the files by rules of its own."""

import csv
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.rows import WORDS, check_digit, write_feed

LARGE_BYTES = 2_300_000  # above what takes the slow lane
SHARED_EVERY = 4  # of the suppliers that share: each fourth row is an article that the other has, too
MISTYPED_EVERY = 50  # rows with a wrong check digit: they go in with a warning
_PRICE, _PIECES = re.compile(r"[0-9]{1,6}\.[0-9]{2}"), re.compile(r"[0-9]{1,6}")

Line = tuple[str, ...]


class Range:
    """What one supplier sells, from wave to wave. `shares`: some of it has the GTIN of another supplier's.

    Descriptions are padded to `width`, as exports from some databases are.
    """

    def __init__(self, place: int, rows: int, chance: random.Random, *, shares: bool = False, width: int = 0) -> None:
        self.place, self.rows, self.width, self._chance, self._shares = place, rows, width, chance, shares
        self._offered = {number: (self._price(), chance.randint(0, 60)) for number in range(rows)}

    def full(self, path: Path) -> None:
        """Everything, but a few; some of it changed, some rows bad, some twice."""
        missing = set(self._chance.sample(range(self.rows), min(12, self.rows // 10)))
        self._change(0.3)
        self._write(path, [number for number in range(self.rows) if number not in missing])

    def delta(self, path: Path) -> None:
        """A part of it, of which about half has changed."""
        some = sorted(self._chance.sample(range(self.rows), max(1, self.rows // 3)))
        self._change(0.5)
        self._write(path, some)

    def _price(self) -> str:
        return f"{self._chance.randint(2, 400)}.{self._chance.randint(0, 99):02}"

    def _change(self, share: float) -> None:
        for number in self._chance.sample(range(self.rows), int(self.rows * share)):
            self._offered[number] = (self._price(), self._chance.randint(0, 60))

    def _write(self, path: Path, numbers: Sequence[int]) -> None:
        lines = [self._line(number) for number in numbers]
        for _ in range(max(2, len(lines) // 100)):
            place = self._chance.randrange(len(lines))
            if self._chance.random() < 0.3:
                lines[place] = self._spoilt(lines[place])
            else:
                lines.insert(self._chance.randrange(len(lines) + 1), self._spoilt(lines[place]))
        write_feed(path, lines)

    def _line(self, number: int) -> Line:
        price, stock = self._offered[number]
        words = random.Random(number).choices(WORDS, k=12)
        title = f"{words[0].capitalize()} {words[1]} lamp {self.place}-{number}"
        category, colour = "lighting/desk-lamps", "cobalt"
        offered = (price, "EUR", self._gtin(number), str(stock))
        return (
            f"K{self.place}-{number}",
            title,
            " ".join(words).ljust(self.width),
            "Lumen",
            category,
            *offered,
            colour,
            "",
        )

    def _gtin(self, number: int) -> str:
        is_shared = self._shares and number % SHARED_EVERY == 0
        code = f"560{9 if is_shared else self.place}{number:08}"
        digit = check_digit(code)
        return code + str((digit + 1) % 10 if number % MISTYPED_EVERY == 7 else digit)

    def _spoilt(self, line: Line) -> Line:
        """A row that cannot go in: an SKU once more, or a value that means nothing, for an old SKU or a new one."""
        fields = list(line)
        kind = self._chance.randrange(4)
        if kind == 0:
            fields[5] = self._price()
            return tuple(fields)
        if self._chance.random() < 0.5:
            fields[0] += f"-{self._chance.randrange(10**6)}"
        column, value = ((1, ""), (5, "free"), (8, "plenty"))[kind - 1]
        fields[column] = value
        return tuple(fields)


@dataclass
class Said:
    """What a file says. `good` is SKU → row; `faults` are the lines that cannot go in, once for each thing wrong."""

    received: int = 0
    warned: int = 0
    faults: list[int] = field(default_factory=list)
    good: dict[str, Line] = field(default_factory=dict)
    mentioned: set[str] = field(default_factory=set)


def read(path: Path) -> Said:
    said = Said()
    with path.open(newline="") as opened:
        for number, row in enumerate(csv.reader(opened), 1):
            if number > 1:
                _judge(said, number, tuple(row))
    return said


def _judge(said: Said, number: int, row: Line) -> None:
    sku, title, price, gtin, stock = row[0], row[1], row[5], row[7], row[8]
    said.received += 1
    said.mentioned.add(sku)
    faults = (not title) + (not _PRICE.fullmatch(price)) + (not _PIECES.fullmatch(stock))
    if faults or sku in said.good:
        said.faults += [number] * (faults or 1)
        return
    said.good[sku] = row
    said.warned += check_digit(gtin[:-1]) != int(gtin[-1])


@dataclass(frozen=True)
class Outcome:
    """What the page of a feed has to say in the end, in rows; `withdrawn` in offers."""

    received: int
    rejected: int
    warned: int
    applied: int
    unchanged: int
    withdrawn: int
    faults: tuple[int, ...]  # the lines that the report has to name


@dataclass
class Shelf:
    """What one supplier has on sale after the feeds so far. `steps`: how often each SKU has changed since ever."""

    live: dict[str, Line] = field(default_factory=dict)
    steps: Counter[str] = field(default_factory=Counter)

    def take(self, said: Said, mode: str) -> Outcome:
        """The feeds of a supplier, in the order in which they were sent."""
        applied = [sku for sku, row in said.good.items() if self.live.get(sku) != row]
        gone = [sku for sku in self.live if sku not in said.mentioned] if mode == "full" else []
        self.live.update(said.good)
        for sku in gone:
            del self.live[sku]
        self.steps.update([*applied, *gone])
        good = len(said.good)
        return Outcome(
            received=said.received,
            rejected=len(set(said.faults)),
            warned=said.warned,
            applied=len(applied),
            unchanged=good - len(applied),
            withdrawn=len(gone),
            faults=tuple(said.faults),
        )

    def gtin_of(self, sku: str) -> str | None:
        """The number that makes it the same article as another supplier's."""
        gtin = self.live[sku][7]
        return gtin if check_digit(gtin[:-1]) == int(gtin[-1]) else None
