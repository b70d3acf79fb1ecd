"""Every engine that the contract is asked of: a new one is a line in ENGINES."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.delivery.estimate import delivery_map
from app.infra.clock import now
from app.search.arrivals import Arrivals
from app.search.documents import Document, Entry
from app.search.engine import Engine
from app.search.index import Index
from app.search.interface import SearchEngine, SearchWriter
from app.search.query import Query
from app.search.writing import Writer
from tests.search.contract.goods import entry
from tests.world import World


@dataclass(frozen=True)
class Made:
    engine: SearchEngine
    writer: SearchWriter
    begin: Callable[[], None]  # an empty index beside, and from then on in its place

    def put(self, entries: Sequence[Entry]) -> None:
        assert self.writer.update([each.document.product for each in entries], entries)
        assert self.engine.refresh()

    async def every(self, query: Query, there: Arrivals | None = None) -> list[Document]:
        """The documents of all pages, one page after another."""
        first = await self.engine.search(query, there)
        found = list(first.documents)
        for page in range(2, first.pages + 1):
            found += (await self.engine.search(query.but(page=page), there)).documents
        assert len(found) == first.total
        return found


def embedded(folder: Path) -> Made:
    index = Index(folder)
    index.use(index.new_generation())
    return Made(Engine(folder), Writer(index), lambda: index.use(index.new_generation()))


ENGINES = {"embedded": embedded}


@pytest.fixture(params=ENGINES)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Made]:
    """An engine that holds 120 products, written in three steps."""
    found = ENGINES[request.param](tmp_path)
    for start in (1, 41, 81):
        found.put([entry(product) for product in range(start, start + 40)])
    yield found
    found.engine.close()


@pytest.fixture
def goods() -> list[Document]:
    return [entry(product).document for product in range(1, 121)]


@pytest.fixture
async def there(world: World) -> Arrivals:
    """When things arrive in Lisbon."""
    return Arrivals(await delivery_map(), "lisboa", now())
