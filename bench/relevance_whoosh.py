"""The reference: Whoosh as it comes, its default analysis, scoring and query language, on the same texts."""

from collections.abc import Callable, Sequence
from tempfile import mkdtemp

from whoosh import fields, index
from whoosh.qparser.default import QueryParser

from app.search.query import PAGE_SIZE
from app.search.snapshot import Snapshot


def plain_whoosh(snapshot: Snapshot, documents: dict[int, str]) -> Callable[[str], Sequence[str]]:
    """Search over what the products are called, and by whom."""
    schema = fields.Schema(key=fields.ID(stored=True), text=fields.TEXT)
    made = index.create_in(mkdtemp(prefix="feira-bench-"), schema)
    writer = made.writer(limitmb=128)
    for each in snapshot.documents():
        writer.add_document(key=documents[each.product], text=f"{each.name} {each.brand} {each.note}")
    writer.commit()
    searcher, parser = made.searcher(), QueryParser("text", schema)

    def search(text: str) -> list[str]:
        return [hit["key"] for hit in searcher.search(parser.parse(text), limit=PAGE_SIZE)]

    return search
