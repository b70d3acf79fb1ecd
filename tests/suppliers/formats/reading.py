"""Reads bytes as a feed, the way every test here does."""

from pathlib import Path

from app.suppliers.formats import BadRow, FeedUnreadable, Limits, RawRow, open_feed
from app.suppliers.formats.raw import Fields


def read(folder: Path, content: bytes | str, limits: Limits | None = None) -> list[RawRow | BadRow]:
    path = folder / "feed.bin"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with open_feed(path, limits) as feed:
        return list(feed)


def read_until_broken(
    folder: Path, content: bytes | str, limits: Limits | None = None
) -> tuple[list[RawRow | BadRow], FeedUnreadable | None]:
    """The rows that came, and the reason why no more did (None: all did)."""
    path = folder / "feed.bin"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    rows: list[RawRow | BadRow] = []
    try:
        with open_feed(path, limits) as feed:
            rows.extend(feed)
    except FeedUnreadable as unreadable:
        return rows, unreadable
    return rows, None


TOLD = {"stock_unsaid", "decimal_comma"}
"""Fields that the feed as a whole gives to its rows."""


def fields_of(rows: list[RawRow | BadRow]) -> list[Fields]:
    """What the rows themselves say; they must all have been readable."""
    assert [row for row in rows if isinstance(row, BadRow)] == []
    return [
        {name: value for name, value in row.fields.items() if name not in TOLD}
        for row in rows
        if isinstance(row, RawRow)
    ]
