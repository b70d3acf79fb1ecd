"""A fresh index for each test, in the folder that the settings name."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from app.catalog import navigation
from app.search import engine as engine_module
from app.search.index import folder
from app.search.query import Query
from app.search.rebuilding import rebuild
from app.storefront import content, home, products

Reindex = Callable[[], Awaitable[None]]


async def names(**asked: object) -> list[str]:
    """Of the products that a query finds, in their order."""
    found = await engine_module.engine().search(Query(**asked))  # type: ignore[arg-type]
    return [each.name for each in found.documents]


@pytest.fixture
async def reindex(db: None) -> AsyncIterator[Reindex]:
    """Brings the index and this process's engine up to what the database holds."""
    await engine_module.stop()
    shutil.rmtree(folder(), ignore_errors=True)
    for forget in (navigation.forget, content.forget, home.forget, products.forget):
        forget()

    async def bring_up() -> None:
        await rebuild()
        engine_module.engine().refresh()

    yield bring_up
    await engine_module.stop()
    shutil.rmtree(folder(), ignore_errors=True)
