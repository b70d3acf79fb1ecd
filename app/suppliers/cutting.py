"""A file cut into portions of judged rows. Runs in a thread: it is all parsing and no waiting."""

from collections.abc import Generator
from pathlib import Path

import msgspec

from app.suppliers.formats import BadRow, FeedReader, Limits, RawRow, open_feed
from app.suppliers.rows import Duplicates, Problem, Rejection, Row, RowContext, problem_of, validate

GOOD_ROWS = 500
ANY_ROWS = 5_000


class Portion(msgspec.Struct):
    """Some rows of a feed, with what there is to report of them. `listed`: the SKUs of rejected rows."""

    format: str = ""
    received: int = 0
    rejected: int = 0
    warned: int = 0
    left_out: int = 0
    rows: list[Row] = []
    listed: list[str] = []
    problems: list[Problem] = []

    @property
    def is_full(self) -> bool:
        return len(self.rows) >= GOOD_ROWS or self.received >= ANY_ROWS


def cut(path: Path, context: RowContext, limits: Limits, skip: int = 0) -> Generator[Portion, None, None]:
    """Portions of the feed after its first `skip` rows, the same each time.

    Raises:
        FeedUnreadable: after the portions before the place that cannot be read.
    """
    with open_feed(path, limits) as feed:
        yield from _portions(feed, context, skip)


def _portions(feed: FeedReader, context: RowContext, skip: int) -> Generator[Portion, None, None]:
    seen, portion = Duplicates(), Portion(format=feed.format, problems=_notes(feed) if not skip else [])
    rows = iter(feed)
    broken: Exception | None = None
    number = 0
    while True:
        try:
            raw = next(rows, None)
        except Exception as error:  # noqa: BLE001 - whatever it is, the good rows before it come first
            broken, raw = error, None
        if raw is None:
            break
        number += 1
        judged = _judge(raw, context, seen)
        if number > skip:
            _add(portion, judged)
            if portion.is_full:
                yield portion
                portion = Portion(format=feed.format)
    yield portion
    if broken:
        raise broken


def _judge(raw: RawRow | BadRow, context: RowContext, seen: Duplicates) -> Row | Rejection | BadRow:
    if isinstance(raw, BadRow):
        return raw
    judged = validate(raw, context)
    if isinstance(judged, Row) and (twice := seen.check(judged)):
        return Rejection(judged.line, judged.sku, (twice,))
    return judged


def _add(portion: Portion, judged: Row | Rejection | BadRow) -> None:
    portion.received += 1
    match judged:
        case Row():
            portion.rows.append(judged)
            portion.problems.extend(judged.warnings)
            portion.warned += bool(judged.warnings)
        case Rejection():
            portion.rejected += 1
            portion.problems.extend(judged.problems)
            _list(portion, judged.sku)
        case BadRow():
            portion.problems.append(problem_of(judged))
            if judged.severity == "warned":
                portion.left_out += 1
            else:
                portion.rejected += 1
                _list(portion, judged.sku)


def _list(portion: Portion, sku: str) -> None:
    if sku and sku.isprintable():
        portion.listed.append(sku)


def _notes(feed: FeedReader) -> list[Problem]:
    notes = [Problem(0, "", "", "", note, "", "warned") for note in feed.notes]
    if feed.ignored:
        names = ", ".join(feed.ignored)[:200]
        notes.append(Problem(0, "", "", names, "We have no use for these columns.", "", "warned"))
    return notes
