"""Until a parcel is packed, what is in it can be cancelled: stock and money come back, to the piece and the cent."""

import asyncio
import random
from decimal import Decimal

import httpx
import pytest

from app.checkout.carrying_out import carry_out
from app.checkout.settling import settle
from app.infra.database import fetch, fetch_one
from app.infra.money import vat_included
from app.inventory import invariants
from app.orders import packing, shipping
from app.orders.cancelling import CannotCancel, cancel
from app.orders.parcels import ParcelNotReady
from app.orders.placing import Placed, place
from app.orders.wanted import Wanted
from tests.checkout.paying import begun, captured, held, succeeded
from tests.orders.sending import ACTOR, history, line_ids, paid, paid_apart, parcel_states, pay, sent, split, told
from tests.orders.wanting import ledger_of, pending, state_of, stock_of, wanted
from tests.world import Goods, World

WHO = "shopper"


async def credited(order: Placed) -> list[tuple[str, int, int]]:
    rows = await fetch(
        'SELECT number, amount_minor, vat_minor FROM credit_note WHERE "order" = $1 ORDER BY id', order.id
    )
    return [tuple(row) for row in rows]


async def test_a_whole_order_is_cancelled_and_everything_comes_back(world: World) -> None:
    lamp, mug = await world.product(stock={"LIS": 5}), await world.product("Mug", stock={"LIS": 5})
    order = await paid_apart(world, lamp, mug, quantity=2)
    done = await cancel(order.id, None, WHO)
    assert done.is_whole and done.credit and done.credit.amount_minor == 2 * (2 * 4890 + 390)
    assert await state_of(order.id) == "cancelled"
    assert await parcel_states(order) == ["cancelled", "cancelled"]
    assert [await stock_of(each) for each in (lamp, mug)] == [(5, 0), (5, 0)]
    assert (await told(order))[-1] == ("cancelled", None)
    assert await carry_out() == 1
    assert await state_of(order.id) == "refunded"
    assert await ledger_of(order.id) == [("capture", 20340), ("refund", -20340)]
    assert await history(order) == ["pending", "paid", "cancelled", "refunded"]
    assert await invariants.broken() == []
    again = await cancel(order.id, None, WHO) if await state_of(order.id) == "cancelled" else None
    assert again is None


async def test_a_line_is_cancelled_and_its_parcel_goes_on(world: World) -> None:
    lamp, mug = await world.product(stock={"LIS": 5}), await world.product("Mug", stock={"LIS": 5})
    order = await paid(world, lamp, mug)
    first, _ = await line_ids(order)
    done = await cancel(order.id, [first], WHO)
    assert done.credit and done.credit.amount_minor == 4890  # its delivery stays
    assert (await state_of(order.id), await parcel_states(order)) == ("paid", ["waiting"])
    assert [await stock_of(each) for each in (lamp, mug)] == [(5, 0), (4, 0)]
    assert (await told(order))[-1] == ("lines_cancelled", None)
    await sent(order)
    assert await state_of(order.id) == "shipped"


async def test_a_parcel_of_which_nothing_is_left_gives_its_delivery_back(world: World) -> None:
    order = await paid_apart(world, await world.product(), await world.product("Mug"))
    first, _ = await line_ids(order)
    done = await cancel(order.id, [first], WHO)
    assert done.credit and done.credit.amount_minor == 4890 + 390
    assert await parcel_states(order) == ["cancelled", "waiting"]
    await sent(order, 2)
    assert await state_of(order.id) == "shipped"


async def test_cancelling_the_parcel_that_was_behind_brings_the_order_forward(world: World) -> None:
    order = await paid_apart(world, await world.product(), await world.product("Mug"))
    await sent(order, 1)
    await cancel(order.id, (await line_ids(order))[1:], WHO)
    assert await history(order) == ["pending", "paid", "packed", "shipped"]


async def test_the_same_cancellation_many_times_gives_back_once(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    order = await paid(world, lamp, await world.product("Mug"))
    lines = (await line_ids(order))[:1]
    done = await asyncio.gather(*(cancel(order.id, lines, WHO) for _ in range(6)))
    assert sorted(each.lines for each in done) == [0, 0, 0, 0, 0, 1]
    assert await stock_of(lamp) == (5, 0)
    assert len(await credited(order)) == 1


async def test_of_packing_and_cancelling_at_once_exactly_one_happens(world: World) -> None:
    lamp = await world.product(stock={"LIS": 40})
    orders = [await paid(world, lamp) for _ in range(12)]
    for number, order in enumerate(orders):
        acts = [packing.pack(order.id, 1, ACTOR), cancel(order.id, None, WHO)]
        done = await asyncio.gather(*(acts if number % 2 else acts[::-1]), return_exceptions=True)
        refused = [each for each in done if isinstance(each, Exception)]
        assert len(refused) == 1 and isinstance(refused[0], ParcelNotReady | CannotCancel)
        packed = isinstance(refused[0], CannotCancel)
        assert await parcel_states(order) == ["packed" if packed else "cancelled"]
        assert len(await credited(order)) == (0 if packed else 1)
    assert await invariants.broken() == []


async def test_what_is_packed_is_not_cancelled_nor_what_was_chosen_with_it(world: World) -> None:
    order = await paid_apart(world, await world.product(), await world.product("Mug"))
    await packing.pack(order.id, 1, ACTOR)
    with pytest.raises(CannotCancel, match="Parcel 1 is packed"):
        await cancel(order.id, await line_ids(order), WHO)
    assert await parcel_states(order) == ["packed", "waiting"]
    assert await credited(order) == []


async def test_lines_of_another_order_and_no_lines_are_refused(world: World) -> None:
    lamp = await world.product(stock={"LIS": 9})
    mine, other = await paid(world, lamp), await paid(world, lamp)
    for lines in ([], [10**17], await line_ids(other), [*await line_ids(mine), *await line_ids(other)]):
        with pytest.raises(CannotCancel):
            await cancel(mine.id, lines, WHO)
    assert await parcel_states(mine) == await parcel_states(other) == ["waiting"]


async def test_an_unpaid_order_is_cancelled_whole_and_late_money_goes_back(
    world: World, client: httpx.AsyncClient
) -> None:
    lamp = await world.product(stock={"LIS": 5})
    order = await pending(world, lamp, await world.product("Mug"))
    with pytest.raises(CannotCancel, match="as a whole"):
        await cancel(order.id, (await line_ids(order))[:1], WHO)
    attempt = await begun(order.id)
    done = await cancel(order.id, None, WHO)
    assert (done.is_whole, done.credit) == (True, None)
    assert await stock_of(lamp) == (5, 0)
    await captured(attempt)
    assert await state_of(order.id) == "cancelled"
    client.cookies.set("feira_visitor", "Marta")
    assert "came afterwards, and goes back to your Visa" in (await client.get(f"/orders/{order.number}")).text
    await carry_out()
    assert "came afterwards, and was sent back" in (await client.get(f"/orders/{order.number}")).text
    assert [kind for kind, _ in await ledger_of(order.id)] == ["capture", "refund"]
    assert await fetch("SELECT FROM invoice") == []


async def test_money_that_was_only_held_is_let_go(world: World) -> None:
    order = await place(await split(world, await world.product(), await world.product("Mug")))
    await held(await begun(order.id))
    await cancel(order.id, (await line_ids(order))[:1], WHO)
    await sent(order, 2)
    rows = await fetch("SELECT kind, amount_minor FROM money_request ORDER BY id")
    assert [tuple(row) for row in rows] == [("release", 5280), ("capture", 5280)]


async def some_order(world: World, goods: list[Goods], chance: random.Random) -> Wanted:
    """Parcels and lines at random."""
    if chance.random() < 0.5:
        return await split(world, *goods, quantity=chance.randint(1, 4))
    return await wanted(world, *goods, quantity=chance.randint(1, 4))


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_is_cancelled_when_the_sums_are_right(world: World, seed: int) -> None:
    """Never more than was captured, VAT to the cent, and all of it when all is cancelled."""
    chance = random.Random(seed)
    goods = [await world.product(f"Thing {number}", stock={"LIS": 50}) for number in range(chance.randint(1, 5))]
    order = await pay(await place(await some_order(world, goods, chance)))
    lines = await line_ids(order)
    chance.shuffle(lines)
    while lines:
        some = [lines.pop() for _ in range(min(len(lines), chance.randint(1, 2)))]
        await cancel(order.id, some, WHO)
        row = await fetch_one(
            """SELECT o.total_minor, o.vat_minor, sum(c.amount_minor)::bigint AS back, sum(c.vat_minor)::bigint AS vat
               FROM shop_order o JOIN credit_note c ON c."order" = o.id WHERE o.id = $1 GROUP BY o.id""",
            order.id,
        )
        assert row and row["back"] <= row["total_minor"] and row["vat"] <= row["vat_minor"]
        assert abs(row["vat"] - vat_included(row["back"], Decimal("0.23"))) <= len(goods) + 3
    assert row and (row["back"], row["vat"]) == (row["total_minor"], row["vat_minor"])
    assert await state_of(order.id) == "cancelled"
    await carry_out()
    assert sum(amount for _, amount in await ledger_of(order.id)) == 0
    assert await invariants.broken() == []


async def test_documents_are_numbered_without_a_gap_however_many_at_once(world: World) -> None:
    lamp = await world.product(stock={"LIS": 50})
    orders = [await place(await wanted(world, lamp)) for _ in range(12)]
    attempts = [await begun(order.id) for order in orders]
    await asyncio.gather(*(settle(attempt.id, succeeded(attempt)) for attempt in attempts))
    await asyncio.gather(*(cancel(order.id, None, WHO) for order in orders[:8]))
    for table, series, count in (("invoice", "FT", 12), ("credit_note", "NC", 8)):
        rows = await fetch(f"SELECT number, facts ->> 'issued_on' AS day FROM {table}")
        year = rows[0]["day"][:4]
        assert {row["number"] for row in rows} == {f"{series} {year}/{n}" for n in range(1, count + 1)}


async def test_a_number_is_given_back_by_a_transaction_that_fails(world: World) -> None:
    order = await paid(world, await world.product())
    await packing.pack(order.id, 1, ACTOR)
    await shipping.ship(order.id, 1, ACTOR)
    with pytest.raises(CannotCancel):
        await cancel(order.id, None, WHO)
    other = await paid(world, await world.product("Mug"))
    done = await cancel(other.id, None, WHO)
    assert done.credit and done.credit.number.endswith("/1")
