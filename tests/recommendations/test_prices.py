"""The price before a reduction is the lowest that its seller asked in the 30 days before; nothing else is."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.events.event import Event
from app.infra import clock
from app.infra.database import execute, fetch, fetch_one
from app.recommendations import prices
from app.recommendations.drops import Drop, drops
from app.recommendations.events import note_prices
from tests.world import Goods, World

START = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


async def costs(goods: Goods, minor: int, day: float, *, offer: int | None = None) -> None:
    """From that day on (counted from START), as the catalogue writes it and the consumer hears of it."""
    with clock.frozen(START + timedelta(days=day)):
        await execute(
            "UPDATE offer SET price_minor = $2, updated_at = $3, withdrawn_at = NULL WHERE id = $1",
            offer or goods.offer,
            minor,
            clock.now(),
        )
        await heard_of(goods)


async def withdrawn(goods: Goods, day: float) -> None:
    with clock.frozen(START + timedelta(days=day)):
        await execute("UPDATE offer SET withdrawn_at = $2, updated_at = $2 WHERE id = $1", goods.offer, clock.now())
        await heard_of(goods)


async def heard_of(*goods: Goods) -> set[int]:
    return await note_prices([Event(uuid4(), "products", "k", {"products": [each.product for each in goods]})])


async def prior(goods: Goods) -> int | None:
    row = await fetch_one("SELECT prior_minor FROM price_history WHERE offer = $1 AND until IS NULL", goods.offer)
    return row and row["prior_minor"]


async def asked(goods: Goods, *history: tuple[float, int]) -> int | None:
    """The price before the last of these (day, price)."""
    for day, minor in history:
        await costs(goods, minor, day)
    return await prior(goods)


CASES: dict[str, tuple[Sequence[tuple[float, int]], int | None]] = {
    "one price for long": ([(0, 5000), (60, 4000)], 5000),
    "raised shortly before": ([(0, 4500), (50, 6000), (60, 4400)], 4500),
    "raised long before": ([(0, 4500), (20, 6000), (60, 4400)], 6000),
    "a sale in between counts": ([(0, 5000), (45, 3900), (48, 5000), (60, 4000)], 3900),
    "a sale that ended 30 days before does not": ([(0, 5000), (25, 3900), (29.9, 5000), (60, 4000)], 5000),
    "a sale that ended within the 30 days does": ([(0, 5000), (25, 3900), (30.1, 5000), (60, 4000)], 3900),
    "in two steps": ([(0, 5000), (60, 4500), (65, 4000)], 4500),
    "on sale for less than 30 days": ([(40, 5000), (60, 4000)], None),
    "on sale for 30 days": ([(30, 5000), (60, 4000)], 5000),
    "dearer than before": ([(0, 4000), (60, 5000)], 4000),
    "never changed": ([(0, 4000)], None),
}


@pytest.mark.parametrize("name", CASES)
async def test_the_price_before_is_the_lowest_of_the_30_days_before(world: World, name: str) -> None:
    history, expected = CASES[name]
    assert await asked(await world.product(), *history) == expected


async def test_what_was_not_on_sale_30_days_before_has_no_price_before(world: World) -> None:
    lamp = await world.product()
    await costs(lamp, 5000, 0)
    await withdrawn(lamp, 10)
    assert await asked(lamp, (50, 5000), (60, 4000)) is None


async def test_days_off_sale_within_the_30_days_do_not_matter(world: World) -> None:
    lamp = await world.product()
    await costs(lamp, 5000, 0)
    await withdrawn(lamp, 40)
    assert await asked(lamp, (50, 5500), (60, 4000)) == 5000


async def test_what_another_seller_asks_is_no_price_before(world: World) -> None:
    lamp = await world.product()
    await costs(lamp, 5000, 0)
    await world.offer(lamp.variant, price_minor=3000)
    await heard_of(lamp)
    assert await prior(lamp) is None
    assert await drops(10) == []


async def test_the_same_event_again_changes_nothing(world: World) -> None:
    lamp = await world.product()
    await asked(lamp, (0, 5000), (60, 4000))
    before = await fetch("SELECT * FROM price_history ORDER BY id")
    await heard_of(lamp)
    await heard_of(lamp, lamp)
    assert await fetch("SELECT * FROM price_history ORDER BY id") == before


async def test_a_change_of_stock_does_not_make_a_price_younger(world: World) -> None:
    lamp = await world.product()
    await asked(lamp, (0, 5000), (60, 4000), (70, 4000))
    row = await fetch_one("SELECT since FROM price_history WHERE until IS NULL")
    assert row and row["since"] == START + timedelta(days=60)


async def test_the_consumer_says_of_which_products_the_price_before_is_new(world: World) -> None:
    lamp, other = await world.product(), await world.product("Nuvem table lamp")
    await costs(lamp, 5000, 0)
    await execute("UPDATE offer SET price_minor = 4000, updated_at = $1", START + timedelta(days=60))
    assert await heard_of(lamp, other) == {lamp.product}
    assert len(await fetch("SELECT 1 FROM processed WHERE consumer = 'recommendations'")) == 2


def day(number: float) -> AbstractContextManager[None]:
    return clock.frozen(START + timedelta(days=number))


async def test_drops_are_ordered_by_their_share_and_left_out_when_they_are_no_news(world: World) -> None:
    made = [await world.product(f"Lamp {number}") for number in range(6)]
    for goods, minor in zip(made, (4000, 2000, 4900, 100, 6000, 3000), strict=True):
        await costs(goods, 5000, 0)
        await costs(goods, minor, 60)
    await execute("UPDATE stock SET on_hand = 0 WHERE offer = $1", made[5].offer)
    with day(61):
        found = await drops(10)
    assert found == [Drop(made[n].product, made[n].offer, 5000, minor) for n, minor in ((1, 2000), (0, 4000))]


async def test_a_price_that_has_stood_for_30_days_is_no_drop_any_more(world: World) -> None:
    lamp = await world.product()
    await asked(lamp, (0, 5000), (60, 4000))
    with day(89.9):
        assert len(await drops(10)) == 1
    with day(90.1):
        assert await drops(10) == []
        await prices.forget_old()
    assert await prior(lamp) is None


async def test_old_prices_are_forgotten_when_no_reduction_can_be_measured_by_them(world: World) -> None:
    lamp = await world.product()
    await asked(lamp, (0, 5000), (10, 3000), (20, 4000))
    with day(45):
        await prices.forget_old()
    assert [row["price_minor"] for row in await fetch("SELECT price_minor FROM price_history ORDER BY id")] == [
        3000,
        4000,
    ]
    assert await asked(lamp, (49, 3500)) == 3000
    with day(60):
        await prices.forget_old()
    assert [row["price_minor"] for row in await fetch("SELECT price_minor FROM price_history ORDER BY id")] == [
        4000,
        3500,
    ]
