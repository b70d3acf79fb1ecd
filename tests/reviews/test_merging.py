"""Whose a guest's review is when the guest has an account: one purchase has one review."""

import asyncio
from contextvars import Context
from typing import Any

import pytest

from app.infra.database import execute, fetch, transaction
from app.orders.ownership import attach_by_email
from app.reviews.buyers import bought
from app.reviews.merging import merge, prove
from app.reviews.writing import Draft, withdraw, write
from tests.orders.wanting import MARTA, guest
from tests.reviews.buying import account_buyer, buyer
from tests.waiting import until_somebody_waits
from tests.world import Goods, World


@pytest.fixture
async def lamp(world: World) -> Goods:
    return await world.product(stock={"LIS": 20})


async def reviews() -> list[Any]:
    return [tuple(row) for row in await fetch("SELECT account, text FROM review ORDER BY id")]


async def test_a_review_comes_with_the_order_that_a_confirmed_address_brings(world: World, lamp: Goods) -> None:
    browser = guest("at home")
    await buyer(world, lamp, owner=browser)
    await write(browser, lamp.product, Draft(4, "", "Of the guest."))
    ana = await account_buyer(world, await world.product("Mug"))
    assert ana.account is not None
    async with transaction():
        await prove(ana.account, MARTA.email)
        await attach_by_email(ana.account, MARTA.email)
    assert await bought(ana, lamp.product) is not None
    await write(ana, lamp.product, Draft(2, "", "On second thoughts."))
    assert await reviews() == [(ana.account, "On second thoughts.")]


async def test_what_the_same_browser_said_of_another_s_order_stays_there(world: World, lamp: Goods) -> None:
    browser = guest("of the family")
    await buyer(world, lamp, owner=browser)
    await execute("UPDATE shop_order SET email = 'rui@example.pt'")
    await write(browser, lamp.product, Draft(4, "", "Of Rui."))
    ana = await account_buyer(world, await world.product("Mug"))
    assert ana.account is not None
    await prove(ana.account, MARTA.email)
    assert await reviews() == [(None, "Of Rui.")]


async def test_one_that_was_taken_back_takes_no_other_s_place(world: World, lamp: Goods) -> None:
    browser = guest("at home")
    await buyer(world, lamp, owner=browser)
    ana = await account_buyer(world, lamp)
    await write(browser, lamp.product, Draft(4, "", "Of the guest, shown."))
    await write(ana, lamp.product, Draft(1, "", "Later, and taken back."))
    await withdraw(ana, lamp.product)
    assert ana.account is not None and browser.visitor is not None
    await merge(browser.visitor, ana.account)
    assert await reviews() == [(ana.account, "Of the guest, shown.")]


async def test_a_sign_in_waits_for_who_deletes_the_account_without_holding_a_review(world: World, lamp: Goods) -> None:
    """Who deletes an account locks it before its reviews: in another order each would wait for the other."""
    browser = guest("at home")
    await buyer(world, lamp, owner=browser)
    await write(browser, lamp.product, Draft(4, "", "Of the guest."))
    ana = await account_buyer(world, await world.product("Mug"))
    assert ana.account is not None and browser.visitor is not None
    async with transaction():
        await execute("SELECT FROM account WHERE id = $1 FOR UPDATE", ana.account)
        merging = asyncio.create_task(_merge(browser.visitor, ana.account), context=Context())
        await until_somebody_waits()
        await execute("SELECT FROM review FOR UPDATE NOWAIT")
    await merging
    assert await reviews() == [(ana.account, "Of the guest.")]


async def _merge(visitor: bytes, account: int) -> None:
    await merge(visitor, account)
