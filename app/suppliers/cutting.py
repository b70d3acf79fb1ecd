"""A file cut into portions of judged rows. Runs in a thread: it is all parsing and no waiting."""

from collections.abc import Generator, Iterator
from itertools import islice
from pathlib import Path

import msgspec

from app.suppliers.formats import BadRow, FeedReader, Limits, RawRow, open_feed
from app.suppliers.known import UNKNOWN, KnownRows, fingerprint_of
from app.suppliers.offer_fields import depends_on_time
from app.suppliers.rows import Problem, Rejection, Row, RowContext, problem_of, validate
from app.suppliers.seen import SeenSkus

GOOD_ROWS = 1_000
ANY_ROWS = 5_000
AT_ONCE = 1_000  # rows whose fingerprints are looked up together


class Unchanged(msgspec.Struct, frozen=True):
    """A row that came just so before."""


UNCHANGED = Unchanged()


class Portion(msgspec.Struct):
    """Some rows of a feed, with what there is to report of them. `fingerprints` are those of `rows`."""

    format: str = ""
    received: int = 0
    rejected: int = 0
    warned: int = 0
    unchanged: int = 0
    left_out: int = 0
    rows: list[Row] = []
    fingerprints: list[int | None] = []
    problems: list[Problem] = []

    @property
    def is_full(self) -> bool:
        return len(self.rows) >= GOOD_ROWS or self.received >= ANY_ROWS


def cut(
    path: Path,
    context: RowContext,
    limits: Limits,
    *,
    skip: int = 0,
    known: KnownRows | None = None,
    seen: SeenSkus | None = None,
) -> Generator[Portion, None, None]:
    """Portions of the feed after its first `skip` rows; `seen` learns the SKUs of all its rows.

    Raises:
        FeedUnreadable: after the portions before the place that cannot be read.
    """
    with open_feed(path, limits) as feed:
        yield from _Cutting(feed, context, known or KnownRows(), seen or SeenSkus()).portions(skip)


class _Cutting:
    def __init__(self, feed: FeedReader, context: RowContext, known: KnownRows, seen: SeenSkus) -> None:
        self._feed, self._context, self._known, self._seen = feed, context, known, seen
        self._broken: Exception | None = None

    def portions(self, skip: int) -> Generator[Portion, None, None]:
        portion = Portion(format=self._feed.format, problems=_notes(self._feed) if not skip else [])
        number = 0
        for chunk in self._chunks():
            prints = [self._fingerprint(raw) for raw in chunk]
            for raw, fingerprint, known in zip(chunk, prints, self._known.hold(prints), strict=True):
                number += 1
                judged = self._judge(raw, known)
                if number > skip:
                    _add(portion, judged, fingerprint)
                    if portion.is_full:
                        yield portion
                        portion = Portion(format=self._feed.format)
        yield portion
        if self._broken:
            raise self._broken

    def _chunks(self) -> Iterator[list[RawRow | BadRow]]:
        """The rows of the file; whatever breaks it, the rows before that come first."""
        rows, chunk = iter(self._feed), list[RawRow | BadRow]()
        while not self._broken:
            chunk = []
            try:
                for raw in islice(rows, AT_ONCE):
                    chunk.append(raw)  # an error must not lose those before it
            except Exception as error:  # noqa: BLE001
                self._broken = error
            if not chunk:
                return
            yield chunk

    def _fingerprint(self, raw: RawRow | BadRow) -> int:
        if isinstance(raw, BadRow) or depends_on_time(raw.fields):
            return UNKNOWN
        return fingerprint_of(raw, self._context.fingerprint)

    def _judge(self, raw: RawRow | BadRow, known: bool) -> Row | Rejection | BadRow | Unchanged:
        if isinstance(raw, BadRow):
            self._mention(raw.sku)
            return raw
        if known and not self._seen.first(raw.fields["sku"].strip(), raw.line):
            return UNCHANGED
        judged = validate(raw, self._context)
        if isinstance(judged, Rejection):
            self._mention(judged.sku)
        elif first := self._seen.first(judged.sku, judged.line):
            return _twice(judged, first)
        return judged

    def _mention(self, sku: str) -> None:
        if sku:
            self._seen.mention(sku)


def _twice(row: Row, first: int) -> Rejection:
    advice = "Give every variant its own SKU, or remove the row."
    problem = Problem(row.line, row.sku, "sku", row.sku, f"Same SKU as row {first:,}.", advice)
    return Rejection(row.line, row.sku, (problem,))


def _add(portion: Portion, judged: Row | Rejection | BadRow | Unchanged, fingerprint: int) -> None:
    portion.received += 1
    match judged:
        case Unchanged():
            portion.unchanged += 1
        case Row():
            portion.rows.append(judged)
            portion.fingerprints.append(None if judged.warnings or fingerprint == UNKNOWN else fingerprint)
            portion.problems.extend(judged.warnings)
            portion.warned += bool(judged.warnings)
        case Rejection():
            portion.rejected += 1
            portion.problems.extend(judged.problems)
        case BadRow():
            portion.problems.append(problem_of(judged))
            if judged.severity == "warned":
                portion.left_out += 1
            else:
                portion.rejected += 1


def _notes(feed: FeedReader) -> list[Problem]:
    notes = [Problem(0, "", "", "", note, "", "warned") for note in feed.notes]
    if feed.ignored:
        names = ", ".join(feed.ignored)[:200]
        notes.append(Problem(0, "", "", names, "We have no use for these columns.", "", "warned"))
    return notes
