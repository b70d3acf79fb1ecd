"""What a feed turns into before anyone has judged it."""

from typing import Any, Literal

import msgspec

Fields = dict[str, Any]
"""Canonical field name → text, or a dict of texts for options, attributes and stocks."""

EXCERPT_CHARS = 200


class RawRow(msgspec.Struct, frozen=True, gc=False):
    """One offer as sent, in our words.

    `line` is the line of the file in CSV and JSON Lines, and the number of the item (from 1) in XML and
    JSON lists, which are often one single line. Either way it is unique within the feed, but for the variants
    inside one entry of JSON, which share its number.
    """

    line: int
    fields: Fields


class BadRow(msgspec.Struct, frozen=True):
    """A row that is left out of the shop: `warned` is one that its supplier left out of his own shop too."""

    line: int
    reason: str
    excerpt: str
    advice: str = ""
    sku: str = ""
    severity: Literal["rejected", "warned"] = "rejected"


class FeedUnreadable(Exception):
    """The file, or the rest of it, cannot be read. Both sentences are written for the supplier.

    `kind` is "columns" when it could be read if its supplier told us what its columns mean; else empty.
    """

    def __init__(self, reason: str, advice: str, line: int | None = None, kind: str = "") -> None:
        super().__init__(f"{reason} {advice}".strip())
        self.reason = reason
        self.advice = advice
        self.line = line
        self.kind = kind


def excerpt(text: str) -> str:
    """The beginning of a row, safe to store and to show: printable, on one line, at most 200 characters."""
    shown = "".join(char if char.isprintable() else " " for char in text[: EXCERPT_CHARS * 2])
    return " ".join(shown.split())[:EXCERPT_CHARS]
