"""What was wrong with the rows of a feed: as a page, and as a file for a spreadsheet."""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from app.infra.database import fetch

PAGE_ROWS = 50
CHUNK_ROWS = 1_000
SEVERITIES = ("rejected", "warned")
COLUMNS = ("row", "sku", "field", "value", "problem", "what to do", "result")
RESULTS = {"rejected": "Rejected", "warned": "Applied, warned"}


@dataclass(frozen=True)
class Report:
    """One page of problems; `counts` are problems by severity, of which a row may have several."""

    rows: list[Any]
    counts: dict[str, int]
    show: str  # "", "rejected" or "warned"
    page: int
    pages: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())


async def report(feed_id: int, show: str, page: int) -> Report:
    """Page `page` (from 1; the nearest there is) of the problems, all or those of one severity."""
    show = show if show in SEVERITIES else ""
    counted = await fetch(
        "SELECT severity, count(*) AS problems FROM feed_problem WHERE feed = $1 GROUP BY severity", feed_id
    )
    counts = {row["severity"]: row["problems"] for row in counted}
    chosen = counts.get(show, 0) if show else sum(counts.values())
    pages = max(1, -(-chosen // PAGE_ROWS))
    page = min(max(page, 1), pages)
    rows = await fetch(
        """SELECT line, sku, field, value, reason, advice, severity FROM feed_problem
           WHERE feed = $1 AND ($2 = '' OR severity = $2) ORDER BY id LIMIT $3 OFFSET $4""",
        feed_id,
        show,
        PAGE_ROWS,
        (page - 1) * PAGE_ROWS,
    )
    return Report(rows, counts, show, page, pages)


async def as_csv(feed_id: int) -> AsyncIterator[bytes]:
    """The whole report, UTF-8 with the mark that spreadsheets look for."""
    yield b"\xef\xbb\xbf" + _lines([COLUMNS])
    last = 0
    while rows := await _after(feed_id, last):
        last = rows[-1]["id"]
        yield _lines([_cells(row) for row in rows])


async def _after(feed_id: int, last: int) -> list[Any]:
    return await fetch(
        "SELECT * FROM feed_problem WHERE feed = $1 AND id > $2 ORDER BY id LIMIT $3", feed_id, last, CHUNK_ROWS
    )


def _cells(row: Any) -> tuple[str, ...]:
    said = (row["sku"], row["field"], row["value"], row["reason"], row["advice"])
    return (str(row["line"] or ""), *map(defused, said), RESULTS[row["severity"]])


def defused(cell: str) -> str:
    """With an apostrophe before what a spreadsheet would run as a formula."""
    return "'" + cell if cell.lstrip(" ")[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") and cell.strip(" ") else cell


def _lines(rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
