"""Why pieces on hand changed, and that an audit finds what did not happen by a rule."""

import asyncpg
import pytest

from app.infra.database import execute, fetch
from app.inventory.invariants import broken
from app.inventory.receiving import withdraw
from app.inventory.reservations import OutOfStock, release, sell
from tests.inventory.test_reservations import held
from tests.suppliers.line import row, send_and_take
from tests.world import World


async def movements() -> list[tuple[str, int | None, int, int]]:
    rows = await fetch('SELECT kind, "order", before, after FROM stock_movement ORDER BY id')
    return [(row["kind"], row["order"], row["before"], row["after"]) for row in rows]


async def test_a_sale_is_written_down_with_its_order_and_a_hold_is_not(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    await held(1, [(lamp.offer, "LIS", 3)])
    await held(2, [(lamp.offer, "LIS", 1)])
    assert await movements() == []
    await sell(1)
    await release(2)
    assert await movements() == [("sold", 1, 5, 2)]
    assert await broken() == []


async def test_what_a_supplier_withdraws_is_written_down_but_what_is_held_stays(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    await held(1, [(lamp.offer, "LIS", 2)])
    await withdraw([lamp.offer])
    await withdraw([lamp.offer])
    await sell(1)
    assert await movements() == [("withdrawn", None, 5, 2), ("sold", 1, 2, 0)]
    assert await broken() == []


async def test_what_a_feed_counts_is_written_down_when_it_is_something_new(world: World) -> None:
    supplier = await world.supplier()
    both = {**row("L1"), "stock:LIS": "2", "stock:OPO": "3"}
    del both["stock"]
    await send_and_take(supplier, [both])
    assert await movements() == [], "what a stock begins with is no change"
    await send_and_take(supplier, [{**both, "stock:LIS": "7"}])
    del both["stock:OPO"]
    await send_and_take(supplier, [both])
    assert await movements() == [
        ("counted", None, 2, 7),
        ("counted", None, 7, 2),
        ("counted", None, 3, 0),
    ]
    assert await broken() == []


@pytest.mark.parametrize("change", ["DELETE FROM stock_movement", "UPDATE stock_movement SET after = 7"])
async def test_what_is_written_down_stands(world: World, change: str) -> None:
    lamp = await world.product(stock={"LIS": 5})
    await withdraw([lamp.offer])
    with pytest.raises(asyncpg.RestrictViolationError):
        await execute(change)


BROKEN_BY = {
    "what is reserved is what is held": "UPDATE stock SET reserved = 4",
    "every change of the pieces on hand follows from the one before": """
        INSERT INTO stock_movement (stock, kind, before, after, moved_at)
        SELECT id, 'corrected', 77, on_hand, now() FROM stock""",
    "the pieces on hand are what the last change left": "UPDATE stock SET on_hand = on_hand + 9",
    "what was sold has left the stock, once": "UPDATE reservation SET quantity = quantity + 1 WHERE state = 'sold'",
    "no more comes back than was sold": """
        INSERT INTO stock_movement (stock, kind, "order", before, after, moved_at)
        SELECT id, 'returned', 1, on_hand, on_hand + 9, now() FROM stock""",
    "nothing is held longer than a minute after its time": """
        UPDATE reservation SET expires_at = now() - interval '2 minutes' WHERE state = 'held'""",
}


@pytest.mark.parametrize("rule", BROKEN_BY)
async def test_an_audit_shows_the_rows_that_break_a_rule(world: World, rule: str) -> None:
    """The first rule is a CHECK of the table as well: PostgreSQL refuses to break it."""
    lamp = await world.product(stock={"LIS": 9})
    await held(1, [(lamp.offer, "LIS", 3)])
    await sell(1)
    await held(2, [(lamp.offer, "LIS", 1)])
    assert await broken() == []
    await execute(BROKEN_BY[rule])
    assert rule in {each.rule for each in await broken()}


async def test_who_comes_too_late_leaves_no_trace(world: World) -> None:
    lamp = await world.product(stock={"LIS": 1})
    await held(1, [(lamp.offer, "LIS", 1)])
    with pytest.raises(OutOfStock):
        await held(2, [(lamp.offer, "LIS", 1)])
    assert await broken() == []
