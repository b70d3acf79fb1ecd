"""What may be in a cart, and what two at once do to it."""

import asyncio

import pytest

from app.accounts.owners import Owner
from app.cart import aside, words
from app.cart.aside import remove
from app.cart.changing import NotForSale, add, set_quantity
from app.cart.contents import MOST_PER_LINE, load
from app.infra.database import execute
from tests.world import World

GUEST = Owner(None, b"guest")
OTHER = Owner(None, b"other")


async def quantities(owner: Owner = GUEST) -> list[int]:
    return [line.quantity for line in (await load(owner)).lines]


async def test_a_line_shows_its_product_price_and_stock(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5, "OPO": 2}, handling_days=1)
    await add(GUEST, lamp.offer, 2)
    (line,) = (await load(GUEST)).lines
    assert (line.product_slug, line.sku, line.offer_id) == (lamp.slug, lamp.sku, lamp.offer)
    assert (line.quantity, line.unit_price_minor, line.added_price_minor) == (2, 4890, 4890)
    assert (dict(line.stocks), line.available, line.handling_days) == ({"LIS": 5, "OPO": 2}, 7, 1)
    assert (line.supplier_name, dict(line.options)) == ("Oficina do Vale", {"Colour": "Bottle green"})


async def test_reserved_pieces_are_not_available(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5, "OPO": 1})
    await add(GUEST, lamp.offer, 1)
    await execute("UPDATE stock SET reserved = on_hand WHERE on_hand = 1")
    (line,) = (await load(GUEST)).lines
    assert dict(line.stocks) == {"LIS": 5}


async def test_adding_the_same_offer_again_adds_up(world: World) -> None:
    lamp = await world.product()
    await add(GUEST, lamp.offer, 1)
    change = await add(GUEST, lamp.offer, 2)
    assert (change.quantity, change.capped) == (3, False)
    assert await quantities() == [3]


async def test_two_adds_at_once_give_the_sum(world: World) -> None:
    lamp = await world.product(stock={"LIS": 50})
    await asyncio.gather(*(add(GUEST, lamp.offer, 2) for _ in range(8)))
    assert await quantities() == [16]


async def test_no_more_than_there_is_goes_into_a_cart(world: World) -> None:
    lamp = await world.product(stock={"LIS": 3, "OPO": 1})
    change = await add(GUEST, lamp.offer, 9)
    assert (change.quantity, change.wanted, change.available, change.capped) == (4, 9, 4, True)


async def test_no_more_than_ninety_nine_of_a_kind(world: World) -> None:
    mug = await world.product("Barro mug", stock={"LIS": 500})
    assert (await add(GUEST, mug.offer, 10**9)).quantity == MOST_PER_LINE
    (line,) = (await load(GUEST)).lines
    change = await set_quantity(GUEST, line.id, 10**18)
    assert change and (change.quantity, change.capped) == (MOST_PER_LINE, True)


async def test_adding_to_a_line_whose_stock_fell_takes_nothing_out(world: World) -> None:
    lamp = await world.product(stock={"LIS": 5})
    await add(GUEST, lamp.offer, 5)
    await execute("UPDATE stock SET on_hand = 2")
    change = await add(GUEST, lamp.offer, 1)
    assert (change.quantity, change.capped) == (5, True)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ("DELETE FROM stock", "sold out"),
        ("UPDATE stock SET reserved = on_hand", "sold out"),
        ("UPDATE offer SET withdrawn_at = now()", "withdrawn"),
    ],
)
async def test_what_is_not_for_sale_is_refused(world: World, spoil: str, reason: str) -> None:
    lamp = await world.product()
    await execute(spoil)
    with pytest.raises(NotForSale) as refused:
        await add(GUEST, lamp.offer, 1)
    assert (refused.value.reason, refused.value.name) == (reason, "Alcova desk lamp")
    assert await quantities() == []


async def test_a_cart_has_room_for_so_many_different_things(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cart.changing.MOST_LINES", 2)
    lamp, mug, jar = [await world.product(name, stock={"LIS": 9}) for name in ("Lamp", "Mug", "Jar")]
    await add(GUEST, lamp.offer, 1)
    await add(GUEST, mug.offer, 1)
    await aside.save(GUEST, (await load(GUEST)).lines[0].id)
    with pytest.raises(NotForSale) as refused:
        await add(GUEST, jar.offer, 1)
    assert refused.value.reason == "full" and "so not added: Jar." in words.not_for_sale(refused.value)
    assert (await add(GUEST, mug.offer, 2)).quantity == 3


async def test_an_unknown_offer_is_refused(world: World) -> None:
    with pytest.raises(NotForSale, match="unknown"):
        await add(GUEST, 2**63 - 1, 1)


async def test_the_quantity_is_set_up_to_the_stock(world: World) -> None:
    lamp = await world.product(stock={"LIS": 3})
    await add(GUEST, lamp.offer, 1)
    (line,) = (await load(GUEST)).lines
    two, nine = await set_quantity(GUEST, line.id, 2), await set_quantity(GUEST, line.id, 9)
    assert two and nine
    assert (two.quantity, two.capped, nine.quantity, nine.capped) == (2, False, 3, True)


async def test_nobody_changes_the_cart_of_another(world: World) -> None:
    lamp = await world.product()
    await add(GUEST, lamp.offer, 2)
    (line,) = (await load(GUEST)).lines
    assert await set_quantity(OTHER, line.id, 1) is None
    assert await remove(OTHER, line.id) is None
    assert await quantities() == [2]


async def test_a_line_that_is_removed_is_gone_and_removing_it_again_is_harmless(world: World) -> None:
    lamp = await world.product()
    await add(GUEST, lamp.offer, 1)
    (line,) = (await load(GUEST)).lines
    assert await remove(GUEST, line.id) == "Alcova desk lamp"
    assert await remove(GUEST, line.id) is None
