"""What the shop asks of a search engine. The embedded index fulfils it; a cluster would, too.

What it means is told by tests/search/contract, which every engine passes.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from app.search.answering import Result
from app.search.arrivals import Arrivals
from app.search.documents import Entry
from app.search.query import Query


class SearchEngine(Protocol):
    """In a web process: it answers from what it has taken up, whatever else is down."""

    async def search(self, query: Query, arrivals: Arrivals | None = None) -> Result: ...

    async def count(self, query: Query, arrivals: Arrivals | None = None) -> tuple[int, bool]: ...

    def refresh(self) -> bool:
        """Take up what was written since; True if there was something. Blocks."""

    def close(self) -> None: ...


class SearchWriter(Protocol):
    """In the one process that writes."""

    def update(self, products: Iterable[int], entries: Sequence[Entry]) -> bool:
        """Take out `products` and put in `entries`, all or nothing; False if there is no index to update. Blocks."""
