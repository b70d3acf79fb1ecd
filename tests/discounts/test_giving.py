"""What a code gives, to whom, how often; and that no two get what is there for one."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.discounts.giving import Discount, NotGiven, Shopper, code_of, give_back, look, take, take_again
from app.discounts.tables import Kind
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction
from app.infra.money import shares
from tests.discounts.codes import code
from tests.world import World

MARTA = Shopper(None, "marta@example.pt")
GOODS = 4890


def discount(kind: Kind, amount: int | None = None, percent: str | None = None) -> Discount:
    return Discount(1, "X", kind, amount, Decimal(percent) if percent else None, 0)


async def use(order: int, shopper: Shopper = MARTA, name: str = "SUMMER") -> None:
    found = await look(name, shopper, GOODS)
    async with transaction():
        await take(found, order, shopper, GOODS, 500)


def test_an_amount_and_percent_are_taken_off_the_goods() -> None:
    assert discount(Kind.AMOUNT, 500).off_goods(4890, 390, 50) == 500
    assert discount(Kind.PERCENT, percent="10").off_goods(4895, 390, 50) == 490
    assert discount(Kind.FREE_DELIVERY).off_goods(4890, 390, 50) == 0


def test_never_more_than_the_goods_cost_and_a_card_can_still_be_charged() -> None:
    assert discount(Kind.AMOUNT, 9999).off_goods(4890, 390, 50) == 4890
    assert discount(Kind.AMOUNT, 9999).off_goods(4890, 0, 50) == 4840
    assert discount(Kind.AMOUNT, 9999).off_goods(30, 0, 50) == 0


def test_free_delivery_takes_off_what_the_cheapest_way_costs() -> None:
    free = discount(Kind.FREE_DELIVERY)
    assert free.off_delivery([390, 790], 390) == 390
    assert free.off_delivery([390, 790], 790) == 390
    assert free.off_delivery([0, 790], 0) == 0
    assert discount(Kind.AMOUNT, 500).off_delivery([390], 390) == 0


@given(some.lists(some.integers(1, 10**6), min_size=1, max_size=9), some.integers(1, 9999))
def test_no_line_gets_more_than_it_costs(worths: list[int], hundredths: int) -> None:
    off = discount(Kind.PERCENT, percent=str(Decimal(hundredths) / 100)).off_goods(sum(worths), 0, 50)
    parts = shares(off, worths)
    assert sum(parts) == off
    assert all(0 <= part <= worth for part, worth in zip(parts, worths, strict=True))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" sum mer\n", "SUMMER"), ("Welcome-5", "WELCOME-5"), ("", ""), ("x" * 31, ""), ("a\x00b", ""), ("ß", "SS")],
)
def test_codes_are_read_as_people_type_them(typed: str, kept: str) -> None:
    assert code_of(typed) == kept


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"starts_at": now() + timedelta(hours=1)}, "cannot be used yet"),
        ({"starts_at": now() - timedelta(days=2), "ends_at": now() - timedelta(days=1)}, "has ended"),
        ({"minimum_minor": 5000}, "for orders from €50.00 of goods"),
    ],
)
async def test_a_code_counts_in_its_time_and_from_its_minimum_on(
    world: World, rules: dict[str, Any], said: str
) -> None:
    await code(**rules)
    with pytest.raises(NotGiven, match=said):
        await look("summer", MARTA, GOODS)


@pytest.mark.parametrize("typed", ["WINTER", "", "' OR 1=1 --", "\x00", "9" * 400])
async def test_what_is_no_code_gives_nothing(world: World, typed: str) -> None:
    await code()
    with pytest.raises(NotGiven, match="There is no such code"):
        await look(typed, MARTA, GOODS)


async def test_a_code_that_was_stopped_gives_nothing_more(world: World) -> None:
    await code()
    found = await look("SUMMER", MARTA, GOODS)
    await execute("UPDATE discount_code SET stopped_at = now()")
    with pytest.raises(NotGiven):
        async with transaction():
            await take(found, 1, MARTA, GOODS, 500)


async def test_twenty_at_once_get_what_is_there_for_five(world: World) -> None:
    await code(most_uses=5)
    shoppers = [Shopper(None, f"{number}@example.pt") for number in range(20)]
    found = await asyncio.gather(
        *(use(number, shopper) for number, shopper in enumerate(shoppers)), return_exceptions=True
    )
    assert sum(each is None for each in found) == 5
    assert {type(each) for each in found if each} == {NotGiven}


async def test_a_shopper_uses_it_as_often_as_one_may_also_in_two_tabs(world: World) -> None:
    await code(most_per_shopper=1)
    found = await asyncio.gather(*(use(number) for number in range(6)), return_exceptions=True)
    assert sum(each is None for each in found) == 1
    await use(99, Shopper(None, "rita@example.pt"))


async def test_neither_another_address_nor_another_account_is_another_shopper(world: World) -> None:
    await code(most_per_shopper=1)
    await use(1, Shopper(7, "marta@example.pt"))
    for shopper in (Shopper(7, "other@example.pt"), Shopper(None, "marta@example.pt"), Shopper(8, "marta@example.pt")):
        with pytest.raises(NotGiven, match="used this code already"):
            await look("SUMMER", shopper, GOODS)


async def test_what_an_order_gives_back_somebody_else_may_use_once(world: World) -> None:
    await code(most_uses=1)
    await use(1)
    await give_back(1)
    await give_back(1)
    await use(2)
    with pytest.raises(NotGiven, match="used up"):
        await use(3)
    row = await fetch_one("SELECT used FROM discount_code")
    assert row is not None and row["used"] == 1


async def test_capital_letters_make_no_other_shopper(world: World) -> None:
    await code(most_per_shopper=1)
    await use(1, Shopper(None, "Marta@Example.pt"))
    with pytest.raises(NotGiven, match="used this code already"):
        await look("SUMMER", MARTA, GOODS)


async def test_an_order_that_comes_about_after_all_uses_its_code_again(world: World) -> None:
    await code(most_uses=1)
    await use(1)
    await give_back(1)
    async with transaction():
        assert await take_again(1)
        assert await take_again(1)  # it has it
    with pytest.raises(NotGiven, match="used up"):
        await use(2)
    await give_back(1)
    await use(3)
    async with transaction():
        assert not await take_again(1)
        assert await take_again(77)  # an order without a code
    row = await fetch_one("SELECT used FROM discount_code")
    assert row is not None and row["used"] == 1


async def test_a_shopper_who_has_used_it_meanwhile_does_not_use_it_again(world: World) -> None:
    await code(most_per_shopper=1)
    await use(1)
    await give_back(1)
    await use(2)
    async with transaction():
        assert not await take_again(1)
