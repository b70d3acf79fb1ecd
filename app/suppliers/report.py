"""What was wrong with the rows of a feed, page by page."""

from dataclasses import dataclass
from typing import Any

from app.infra.database import fetch

PAGE_ROWS = 50
SEVERITIES = ("rejected", "warned")


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
