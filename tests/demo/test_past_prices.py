"""Some of the demo's goods cost less than before: by the history that any reduction is measured by."""

from app.demo import past_prices
from app.infra.database import execute, fetch
from app.recommendations import prices
from app.recommendations.drops import drops
from tests.world import World


async def test_some_of_what_has_a_list_price_was_sold_for_it_before_and_a_second_run_adds_none(world: World) -> None:
    goods = [await world.product(f"Lamp {number}", stock={"LIS": 5}) for number in range(40)]
    await execute("UPDATE offer SET list_price_minor = price_minor * 5 / 4 WHERE id <> $1", goods[0].offer)
    products = [each.product for each in goods]
    await prices.note(products[:20])  # the consumer has come so far
    brought = await past_prices.bring_in()
    assert 2 < brought < 20 and await past_prices.bring_in() == 0
    await prices.note(products)
    found = await drops(100)
    assert len(found) == brought
    assert all(each.before_minor == each.now_minor * 5 // 4 for each in found)
    (row,) = await fetch(
        "SELECT count(*) AS open, count(DISTINCT offer) AS offers FROM price_history WHERE until IS NULL"
    )
    assert row["open"] == row["offers"] == len(goods)
