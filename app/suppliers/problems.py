"""What is wrong with a row, in words that help its supplier to mend it."""

from typing import Literal

import msgspec

from app.suppliers.formats import BadRow

Severity = Literal["rejected", "warned"]


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

    def __init__(self, line: int, sku: str) -> None:
        self.line = line
        self.sku = sku
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []

    def reject(self, field: str, value: str, reason: str, advice: str = "") -> None:
        self.errors.append(self._problem(field, value, reason, advice, "rejected"))

    def warn(self, field: str, value: str, reason: str, advice: str = "") -> None:
        self.warnings.append(self._problem(field, value, reason, advice, "warned"))

    def _problem(self, field: str, value: str, reason: str, advice: str, severity: Severity) -> Problem:
        return Problem(self.line, self.sku, field, shown(value), reason, advice, severity)


def shown(value: str) -> str:
    """A value as it may stand in a report: printable, at most 200 characters."""
    head = value[:200]
    return head if head.isprintable() else "".join(char if char.isprintable() else " " for char in head)


def problem_of(bad: BadRow) -> Problem:
    """A row that could not be read, as it stands in the report."""
    return Problem(bad.line, shown(bad.sku), "", bad.excerpt, bad.reason, bad.advice, bad.severity)
