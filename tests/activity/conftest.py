from collections.abc import Iterator

import pytest

from app.activity import noting
from tests.search.conftest import reindex
from tests.world import Goods, World

__all__ = ["reindex"]


@pytest.fixture(autouse=True)
def untold(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Notes of this test alone, told when it says so."""
    monkeypatch.setattr(noting, "_noted", noting.Noted())
    monkeypatch.setattr(noting, "FLUSH_SECONDS", 3600.0)
    yield


@pytest.fixture
async def lamp(world: World) -> Goods:
    return await world.product("Alcova lamp", stock={"LIS": 50})
