"""A market whose shelves are full, and which was learned from."""

import pytest

from app.activity import noting
from app.recommendations.learned import learn_recommendations
from tests.search.conftest import Reindex, reindex
from tests.storefront.shelves import paid
from tests.world import Goods, World

__all__ = ["reindex"]


@pytest.fixture
def untold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is noted from a test before, and what is noted waits to be told: see `tests/activity/hearing.py`."""
    monkeypatch.setattr(noting, "_noted", noting.Noted())
    monkeypatch.setattr(noting, "FLUSH_SECONDS", 3600.0)


@pytest.fixture
async def market(world: World, reindex: Reindex, untold: None) -> list[Goods]:
    """Eight lamps, four mugs and four other things; the first lamp and the mugs are bought together."""
    made = [await world.product(f"Lamp {number}", stock={"LIS": 90}) for number in range(8)]
    for number in range(4):
        made.append(
            await world.product(f"Mug {number}", category="mugs-and-cups/mugs", stock={"LIS": 90}, brand="Barro")
        )
    for number in range(4):
        made.append(await world.product(f"Thing {number}", category="other/other-goods", stock={"LIS": 90}, brand="X"))
    await paid(world, made[0], *made[8:12])
    await paid(world, made[0], *made[8:12])
    await learn_recommendations()
    await reindex()
    return made
