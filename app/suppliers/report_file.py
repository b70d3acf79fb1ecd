"""The report as a file for a spreadsheet: the supplier's own rows, each with what was wrong with it."""

import csv
import io
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from app.infra.database import fetch, fetch_one
from app.infra.settings import settings
from app.suppliers.arriving import feeds_folder
from app.suppliers.formats import FeedUnreadable, Limits
from app.suppliers.formats.own_rows import OwnRows
from app.suppliers.one_thread import OneThread

CHUNK_PROBLEMS = 1_000
CHUNK_BYTES = 256 * 1024
OURS = ("row", "result", "field", "value", "problem", "what to do")  # beside the supplier's columns
ALONE = ("row", "sku", "field", "value", "problem", "what to do", "result")  # when his file is gone
RESULTS = {"rejected": "Rejected", "warned": "Applied, warned"}
OF_THE_FILE = "About the whole file"
BETWEEN = " | "  # several problems of one row
MARK = b"\xef\xbb\xbf"  # of UTF-8, for which spreadsheets look
_RUNS = frozenset("=+-@\t\r\n＝＋－＠")  # what begins with one of these, a spreadsheet runs

Group = list[Any]  # the problems of one row


async def as_csv(feed_id: int) -> AsyncIterator[bytes]:
    """Every row with a problem, once, under the supplier's own header and with our columns after his. When his file
    is gone: every problem, without his columns."""
    thread = OneThread()
    own: OwnRows | None = None
    try:
        own = await thread.run(partial(_own_rows, await _path(feed_id)))
        yield MARK + lines([[*own.header, *OURS] if own else ALONE])
        async for groups in _groups(feed_id):
            waiting = deque(groups)
            while waiting:
                yield await thread.run(partial(_written, waiting, own))
    finally:
        thread.end(own.close if own else _nothing)


async def _path(feed_id: int) -> Path:
    row = await fetch_one("SELECT path FROM feed WHERE id = $1", feed_id)
    return feeds_folder() / (row["path"] if row else "")


def _own_rows(path: Path) -> OwnRows | None:
    with suppress(FeedUnreadable, UnicodeError, OSError):
        return OwnRows(path, Limits(max_bytes=settings().feed_max_bytes))
    return None


def _nothing() -> None:
    pass


async def _groups(feed_id: int) -> AsyncIterator[list[Group]]:
    """The problems by row, in the order of the file, some at a time."""
    line, last, rest = -1, 0, list[Any]()
    while rows := await fetch(
        """SELECT * FROM feed_problem WHERE feed = $1 AND (line, id) > ($2, $3) ORDER BY line, id LIMIT $4""",
        feed_id,
        line,
        last,
        CHUNK_PROBLEMS,
    ):
        line, last = rows[-1]["line"], rows[-1]["id"]
        groups = [list(group) for _, group in groupby([*rest, *rows], key=_row_of)]
        rest = groups.pop()  # may go on in the next rows
        yield groups
    if rest:
        yield [rest]


def _row_of(problem: Any) -> tuple[int, int]:
    """Notes about the whole file stand alone."""
    return problem["line"], problem["line"] or problem["id"]


def _written(waiting: deque[Group], own: OwnRows | None) -> bytes:
    """Lines of the rows at the front of `waiting`, as many as make a chunk; they are taken off it."""
    written = bytearray()
    while waiting and len(written) < CHUNK_BYTES:
        group = waiting.popleft()
        written += lines([_joined(group, own)] if own else [_alone(problem) for problem in group])
    return bytes(written)


def _joined(group: Group, own: OwnRows) -> list[str]:
    line = group[0]["line"]
    cells = own.cells(line) if line else [""] * len(own.header)
    rejected = any(problem["severity"] == "rejected" for problem in group)
    result = RESULTS["rejected" if rejected else "warned"] if line else OF_THE_FILE
    said = [BETWEEN.join(problem[name] for problem in group) for name in ("field", "value", "reason", "advice")]
    return [*cells, str(line or ""), result, *(text if text.strip(BETWEEN) else "" for text in said)]


def _alone(problem: Any) -> list[str]:
    said = [problem[name] for name in ("sku", "field", "value", "reason", "advice")]
    return [str(problem["line"] or ""), *said, RESULTS[problem["severity"]]]


def defused(cell: str) -> str:
    """With an apostrophe before what a spreadsheet would run as a formula."""
    first = cell.lstrip(" ")[:1]
    seen = next((char for char in cell if char.isprintable() and not char.isspace()), "")
    return "'" + cell if first in _RUNS or seen in _RUNS else cell


def lines(rows: Sequence[Sequence[str]]) -> bytes:
    """All cells in quotation marks, so that no other program's separator makes a new cell inside one."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([[defused(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8", "replace")
