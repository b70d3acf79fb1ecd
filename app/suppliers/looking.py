"""A look at a stored feed from a page: its columns, and what its first rows would be as offers.

Each look happens in one thread, from opening the file to forgetting it (see `parsing`): errors leave as sentences.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.suppliers.formats import BadRow, FeedUnreadable, Limits, Preview, peek, read_beginning
from app.suppliers.one_thread import outcome
from app.suppliers.rows import Rejection, Row, RowContext, validate

SHOWN = 5
LOST = "We have lost this file. Please send it again."


@dataclass(frozen=True)
class Look:
    """What was seen; with `refusal`, a sentence for the supplier, when nothing was."""

    preview: Preview | None = None
    rows: list[Row | Rejection | BadRow] = field(default_factory=list)
    refusal: str = ""


async def columns_of(path: Path, limits: Limits) -> Look:
    """The columns of the feed, with `preview`."""
    return await _in_one_thread(lambda: _columns(path, limits))


async def offers_in(path: Path, limits: Limits, mapping: Mapping[str, str], context: RowContext) -> Look:
    """The first rows as they would be judged, with `rows`."""
    return await _in_one_thread(lambda: _offers(path, limits, mapping, context))


async def _in_one_thread(look: Callable[[], Look]) -> Look:
    seen = await asyncio.to_thread(outcome, look)
    if isinstance(seen, Exception):
        raise seen
    return seen


def _columns(path: Path, limits: Limits) -> Look:
    try:
        return Look(preview=peek(path, limits))
    except FeedUnreadable as unreadable:
        return Look(refusal=str(unreadable))
    except OSError:
        return Look(refusal=LOST)


def _offers(path: Path, limits: Limits, mapping: Mapping[str, str], context: RowContext) -> Look:
    try:
        raw = read_beginning(path, limits, mapping, SHOWN)
    except FeedUnreadable as unreadable:
        return Look(refusal=unreadable.reason)
    except OSError:
        return Look(refusal=LOST)
    return Look(rows=[row if isinstance(row, BadRow) else validate(row, context) for row in raw])
