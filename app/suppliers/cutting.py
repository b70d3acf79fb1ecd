"""A file cut into portions of judged rows. Runs in a thread: it is all parsing and no waiting."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from app.suppliers.formats import BadRow, FeedReader, Limits, RawRow, open_feed
from app.suppliers.known import UNKNOWN, WARNED, Acquaintance, KnownRows, fingerprint_of
from app.suppliers.offer_fields import depends_on_time
from app.suppliers.problems import Repeats
from app.suppliers.rows import Problem, Rejection, Row, RowContext, problem_of, validate
from app.suppliers.seen import SeenSkus

GOOD_ROWS = 4_000  # the two dozen statements of a batch cost the same for more rows
ANY_ROWS = 10_000
AT_ONCE = 1_000  # rows whose fingerprints are looked up together


class Portion(msgspec.Struct):
    """Some rows of a feed, with what there is to report of them. `fingerprints` are those of `rows`."""

    format: str = ""
    bytes_read: int = 0  # of the file as it is stored, from its beginning
    received: int = 0
    rejected: int = 0
    warned: int = 0
    unchanged: int = 0
    left_out: int = 0
    of_its_time: bool = False  # a row so far may mean something else at another time
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
    mapping: Mapping[str, str] | None = None,
) -> Generator[Portion, None, None]:
    """Portions of the feed after its first `skip` rows; `seen` learns the SKUs of all its rows.

    `mapping` says what the supplier's own names of columns mean, where he has told us.

    Raises:
        FeedUnreadable: after the portions before the place that cannot be read.
    """
    with open_feed(path, limits, mapping) as feed:
        yield from _Cutting(feed, context, known or KnownRows(), seen or SeenSkus()).portions(skip)


class _Cutting:
    def __init__(self, feed: FeedReader, context: RowContext, known: KnownRows, seen: SeenSkus) -> None:
        self._feed, self._context, self._known, self._seen = feed, context, known, seen
        self._repeats = Repeats()
        self._warned_before = 0
        self._of_its_time = False
        self._broken: Exception | None = None

    def portions(self, skip: int) -> Generator[Portion, None, None]:
        portion = Portion(format=self._feed.format, problems=_notes(self._feed) if not skip else [])
        number = 0
        for chunk in self._chunks():
            prints = [self._fingerprint(raw) for raw in chunk]
            for raw, fingerprint, known in zip(chunk, prints, self._known.ask(prints), strict=True):
                number += 1
                if known and self._is_first(raw):
                    warned = known == Acquaintance.WARNED
                    self._warned_before += warned
                    if number > skip:
                        portion.received += 1
                        portion.unchanged += 1
                        portion.warned += warned
                else:
                    judged = self._judge(raw)
                    news = [problem for problem in _problems(judged) if self._repeats.is_news(problem)]
                    if number > skip:
                        _add(portion, judged, fingerprint)
                        portion.problems += news
                if portion.is_full:
                    portion.bytes_read, portion.of_its_time = self._feed.bytes_read, self._of_its_time
                    yield portion
                    portion = Portion(format=self._feed.format)
        portion.problems += self._summary()
        portion.bytes_read, portion.of_its_time = self._feed.bytes_read, self._of_its_time
        yield portion
        if self._broken:
            raise self._broken

    def _summary(self) -> list[Problem]:
        totals = self._repeats.totals()
        if self._warned_before:
            reason = f"{self._warned_before:,} rows came just so before. The report of that time has their warnings."
            totals.append(Problem(0, "", "", "", reason, "", "warned"))
        return totals

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
        if isinstance(raw, BadRow):
            return UNKNOWN
        if depends_on_time(raw.fields):
            self._of_its_time = True
            return UNKNOWN
        return fingerprint_of(raw, self._context.fingerprint)

    def _is_first(self, known: RawRow | BadRow) -> bool:
        return isinstance(known, RawRow) and not self._seen.first(known.fields["sku"].strip(), known.line)

    def _judge(self, raw: RawRow | BadRow) -> Row | Rejection | BadRow:
        if isinstance(raw, BadRow):
            if raw.severity == "rejected":  # what its supplier does not sell himself is to be withdrawn
                self._mention(raw.sku)
            return raw
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
    made = row.sku.startswith("auto-")  # by us, for a feed without SKUs
    advice = "Give every variant its own SKU, or remove the row."
    reason = f"Same {'link or title' if made else 'SKU'} as row {first:,}."
    problem = Problem(row.line, row.sku, "sku", row.sku, reason, advice)
    return Rejection(row.line, row.sku, (problem,))


def _problems(judged: Row | Rejection | BadRow) -> Sequence[Problem]:
    match judged:
        case Row():
            return judged.warnings
        case Rejection():
            return judged.problems
        case BadRow():
            return (problem_of(judged),)


def _add(portion: Portion, judged: Row | Rejection | BadRow, fingerprint: int) -> None:
    portion.received += 1
    match judged:
        case Row():
            portion.rows.append(judged)
            portion.fingerprints.append(
                None if fingerprint == UNKNOWN else fingerprint + WARNED * bool(judged.warnings)
            )
            portion.warned += bool(judged.warnings)
        case Rejection():
            portion.rejected += 1
        case BadRow():
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
