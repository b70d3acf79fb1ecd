"""What is wrong with a row, in words that help its supplier to mend it."""

from typing import Literal

import msgspec

from app.suppliers.formats import BadRow

Severity = Literal["rejected", "warned"]
SINGLE_WARNINGS = 3  # of one field and reason; more are summed up
KINDS_OF_WARNINGS = 1_000
MANY_KINDS = "There are many other values with a warning."


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong with one field of one row, in words for the supplier. `value` is what was sent."""

    line: int
    sku: str
    field: str
    value: str
    reason: str
    advice: str
    severity: Severity = "rejected"


class Findings:
    """Collects what is found wrong while one row is read."""

    def __init__(self, line: int, sent_sku: str) -> None:
        self.line = line
        self.sent_sku = sent_sku
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []

    @property
    def sku(self) -> str:
        return shown(self.sent_sku.strip())[:100]

    def reject(self, field: str, value: str, reason: str, advice: str = "") -> None:
        self.errors.append(self._problem(field, value, reason, advice, "rejected"))

    def warn(self, field: str, value: str, reason: str, advice: str = "") -> None:
        self.warnings.append(self._problem(field, value, reason, advice, "warned"))

    def _problem(self, field: str, value: str, reason: str, advice: str, severity: Severity) -> Problem:
        return Problem(self.line, self.sku, field, shown(value), printable(reason), printable(advice), severity)


def shown(value: str) -> str:
    """A value as it may stand in a report: printable, at most 200 characters."""
    return printable(value[:200])


def printable(text: str) -> str:
    """With a blank for every character that cannot be shown, or not even stored; reasons quote what was sent, too."""
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)


def problem_of(bad: BadRow) -> Problem:
    """A row that could not be read, as it stands in the report."""
    return Problem(bad.line, shown(bad.sku), "", bad.excerpt, bad.reason, bad.advice, bad.severity)


class Repeats:
    """Warnings that many rows share. The first few are reported one by one; the others are summed up."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], int] = {}
        self._first: dict[tuple[str, str], Problem] = {}

    def is_news(self, problem: Problem) -> bool:
        """Count a problem, and say whether it should be reported for itself: all but repeated warnings should."""
        if problem.severity != "warned":
            return True
        kind = (problem.field, problem.reason)
        if kind not in self._counts and len(self._counts) >= KINDS_OF_WARNINGS:
            kind = (problem.field, MANY_KINDS)
        self._first.setdefault(kind, problem)
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind] <= SINGLE_WARNINGS

    def totals(self) -> list[Problem]:
        """What was counted and not reported, one problem for each field and reason."""
        return [
            Problem(0, "", field, first.value, f"{reason} {_altogether(count, first)}", first.advice, "warned")
            for (field, reason), first in self._first.items()
            if (count := self._counts[field, reason]) > SINGLE_WARNINGS
        ]


def _altogether(count: int, first: Problem) -> str:
    return f"This is so in {count:,} rows, the first of them row {first.line:,}."
