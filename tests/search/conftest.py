"""A fresh index for each test, in the folder that the settings name."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from app.catalog import navigation
from app.search import engine as engine_module
from app.search.index import folder
from app.search.rebuilding import rebuild
from app.storefront import content, home, products

Reindex = Callable[[], Awaitable[None]]


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
