"""How much of a feed's way is behind it, and how long the rest may take."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.infra.clock import now
from app.suppliers.progress import Progress, is_large_one_in_work, waits_behind

SOONEST = timedelta(seconds=2)  # before that there is nothing to conclude from
LEAST_SHARE = 0.005


@dataclass(frozen=True)
class Way:
    """Of a feed: percent behind it, what it does or waits for, and how long that may take ("": nobody knows)."""

    percent: int
    left: str
    took: str
    behind: Any | None = None  # while it waits: of progress.waits_behind
    waits_for_large: bool = False


async def way_of(feed: Progress) -> Way:
    left = time_left(feed)
    is_waiting = feed.state == "waiting"
    behind = await waits_behind(feed) if is_waiting else None
    large = is_waiting and behind is None and await is_large_one_in_work(feed)
    took = in_words(feed.finished_at - feed.created_at) if feed.finished_at else ""
    return Way(int(share_done(feed) * 100), in_words(left) if left is not None else "", took, behind, large)


def share_done(feed: Progress) -> float:
    """From 0 to 1: the mean of how far the file is read, its rows are in the catalogue, and searchable."""
    if feed.is_settled and feed.state != "failed":
        return 1.0
    read = share_read(feed)
    if feed.dry_run or not feed.good:
        return read if feed.dry_run else read / 3
    taken, found = (min(count / feed.good, 1.0) * read for count in (feed.in_catalogue, feed.searchable))
    return (read + taken + found) / 3


def share_read(feed: Progress) -> float:
    """Of the file's bytes."""
    if feed.read_at:
        return 1.0
    return min(feed.bytes_read / feed.size, 1.0) if feed.size else 0.0


def time_left(feed: Progress) -> timedelta | None:
    """Of what the feed is in now: being read, going into the catalogue, becoming searchable. None: nobody knows."""
    if feed.reading_at is None or feed.is_settled:
        return None
    match feed.state:
        case "reading":
            return _rest(share_read(feed), feed.reading_at, feed.heartbeat_at or now())
        case "applying" if feed.batches:
            return _rest(1 - feed.waits_for / feed.batches, feed.reading_at, now())
        case "finished" if feed.in_catalogue:
            # the index takes up large feeds only now
            return _rest(feed.searchable / feed.in_catalogue, feed.finished_at or feed.reading_at, now())
    return None


def _rest(share: float, since: datetime, until: datetime) -> timedelta | None:
    passed = until - since
    if passed < SOONEST or share < LEAST_SHARE:
        return None
    return passed * ((1 - share) / share)


def in_words(left: timedelta) -> str:
    """ "about 2 minutes"."""
    seconds = left.total_seconds()
    if seconds < 10:
        return "a few seconds"
    if seconds < 50:
        return "less than a minute"
    count, unit = (round(seconds / 60), "minute") if seconds < 90 * 60 else (round(seconds / 3600), "hour")
    return f"about {count} {unit}{'s' if count != 1 else ''}"
