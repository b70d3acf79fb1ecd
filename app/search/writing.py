"""Writing into the index: commits of bounded length, so that a small change never waits long behind a large one.

A commit writes one segment and merges none. Merging is a step of its own, done between commits and bounded, too.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from app.search.documents import Entry
from app.search.extract_files import beside, forget_others, keep
from app.search.extracts import made
from app.search.index import Index, Signature, folder
from app.search.titles import named
from app.search.turns import at_once

WRITER_MB = 32
MERGE_DOCUMENTS = 8_000  # of one merge: about two seconds
MERGE_SEGMENTS = 6  # fewer are not worth it
MERGE_LARGER = 4  # times the others together: what is larger is not written anew for their sake
DELETED_SHARE = 0.3  # above which a segment is worth rewriting
DELETED_LEAST = 50  # documents; that a segment of a few is all dead, as of a product that sells well, costs nothing


class Contents:
    """Which products an index holds: one bit each. Looking for a product that is not there costs every segment."""

    def __init__(self) -> None:
        self._bits = np.zeros(1024, dtype=bool)

    def __contains__(self, product: int) -> bool:
        return product < len(self._bits) and bool(self._bits[product])

    def add(self, products: Iterable[int]) -> None:
        numbers = np.fromiter(products, np.int64)
        if len(numbers) and (most := int(numbers.max())) >= len(self._bits):
            self._bits = np.concatenate([self._bits, np.zeros(most + 1, dtype=bool)])
        self._bits[numbers] = True

    @classmethod
    def of(cls, opened: FileIndex) -> "Contents":
        found, reader = cls(), opened.reader()
        try:
            for part, _ in reader.leaf_readers():
                found.add(int(term) for term in part.lexicon("key"))
        finally:
            reader.close()
        return found


class Writer:
    """The one who writes into an index; it remembers what the index holds until somebody else writes. Blocks."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._contents = Contents()
        self._as_of: Signature | None = None

    def update(self, products: Iterable[int], entries: Sequence[Entry]) -> bool:
        """Take out `products` and put in `entries`, in one commit; False if there is no index to update."""
        with self.index.locked():
            opened = self.index.open()
            if opened is None:
                return False
            contents = self._contents if self._as_of == self.index.signature() else Contents.of(opened)
            self._as_of = None
            old = [product for product in products if product in contents]
            write(opened, old, entries)
            contents.add(entry.document.product for entry in entries)
            self._contents, self._as_of = contents, self.index.signature()
            return True

    def complete(self) -> bool:
        """Lay an extract beside a segment that has none, since another program wrote it; False if all have theirs."""
        with self.index.locked():
            opened = self.index.open()
            if opened is None:
                return False
            for segment in opened._segments():
                path = beside(opened.storage, segment)
                if not path.exists():
                    _lay_beside(opened, segment)
                    forget_others(path)
                    return True
            return False

    def tidy(self) -> bool:
        """Merge some small segments into one, and rewrite one with many dead documents; False if none needs it."""
        with self.index.locked():
            opened = self.index.open()
            chosen = _worth_merging(opened._segments()) if opened else set[str]()
            if opened is None or not chosen:
                return False
            same = self._as_of == self.index.signature()
            _Commit(opened).commit(mergetype=_merging(chosen))
            self._as_of = self.index.signature() if same else None
            return True


def _worth_merging(segments: Sequence[Any]) -> set[str]:
    """Ids of segments that together hold at most MERGE_DOCUMENTS, the smallest first, or of those with many dead."""
    chosen, documents = [], 0
    for segment in sorted(segments, key=lambda each: int(each.doc_count())):
        if documents + segment.doc_count() > MERGE_DOCUMENTS:
            break
        chosen.append(segment)
        documents += segment.doc_count()
    if worn := [each for each in chosen if _is_worn(each)]:
        return {each.segment_id() for each in worn}
    if chosen and (largest := chosen[-1].doc_count()) > MERGE_LARGER * (documents - largest):
        chosen.pop()
    return {each.segment_id() for each in chosen} if len(chosen) >= MERGE_SEGMENTS else set()


def _is_worn(segment: Any) -> bool:
    return bool(segment.deleted_count() > max(DELETED_SHARE * segment.doc_count_all(), DELETED_LEAST))


def _merging(chosen: set[str]) -> Callable[[Any, Sequence[Any]], list[Any]]:
    """Whoosh asks at a commit which segments stay as they are; the others have been taken into the new one by then."""

    def merge(writer: Any, segments: Sequence[Any]) -> list[Any]:
        for segment in segments:
            if segment.segment_id() in chosen and segment.doc_count():
                with SegmentReader(writer.storage, writer.schema, segment) as reader:
                    writer.add_reader(reader)
        return [segment for segment in segments if segment.segment_id() not in chosen]

    return merge


class _Commit(SegmentWriter):
    """Lays an extract beside the segment that it writes, before the table of contents names that one."""

    def __init__(self, opened: FileIndex) -> None:
        super().__init__(opened, limitmb=WRITER_MB)

    def _finalize_segment(self) -> Any:
        segment = super()._finalize_segment()
        _lay_beside(self, segment)
        return segment

    def _commit_toc(self, segments: Sequence[Any]) -> None:
        super()._commit_toc(segments)
        for left in Path(self.storage.folder).glob("_*.toc.*"):  # by who was killed here: Whoosh sweeps all but this
            left.unlink()


def _lay_beside(index: Any, segment: Any) -> None:
    with SegmentReader(index.storage, index.schema, segment) as reader:
        keep(at_once(made(reader)), beside(index.storage, segment))


def write(opened: FileIndex, products: Iterable[int], entries: Iterable[Entry]) -> None:
    """One commit. After an error the index is as it was."""
    writer = _Commit(opened)
    try:
        for product in products:
            writer.delete_by_term("key", str(product))
        for entry in entries:
            writer.add_document(
                key=str(entry.document.product),
                words=" ".join(entry.words),
                document=msgspec.json.encode(entry.document),
                attributes=msgspec.json.encode(entry.attributes),
                title=msgspec.json.encode(named(entry.document.name, entry.document.brand, entry.attributes)),
            )
    except BaseException:
        writer.cancel()
        raise
    writer.commit(merge=False)


@cache
def _writer(root: Path) -> Writer:
    return Writer(Index(root))


def writer() -> Writer:
    """The writer of this process."""
    return _writer(folder())
