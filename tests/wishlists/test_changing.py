"""Wishlists: what is kept stays kept, on whose list it belongs, whatever happens at once."""

import asyncio
from typing import Any

import pytest

from app.accounts.owners import Owner
from app.infra.database import execute
from app.wishlists import changing
from app.wishlists.changing import Full, NotThere
from app.wishlists.contents import entries_of, lists_of, shared
from app.wishlists.merging import merge
from app.wishlists.tables import Visibility
from tests.accounts.people import person
from tests.world import Goods, World

GUEST, STRANGER = Owner(None, b"guest"), Owner(None, b"stranger")


async def things(world: World, count: int = 3) -> list[Goods]:
    return [await world.product(f"Thing {number}", stock={"LIS": 5}) for number in range(count)]


async def main(owner: Owner) -> Any:
    return (await lists_of(owner))[0]


async def names(owner: Owner) -> list[str]:
    return [entry.name for entry in await entries_of((await main(owner)).id)]


async def ids(owner: Owner) -> list[int]:
    return [entry.id for entry in await entries_of((await main(owner)).id)]


async def test_the_first_heart_makes_the_main_list_and_the_newest_stands_first(world: World) -> None:
    for each in await things(world):
        assert (await changing.add(GUEST, each.offer)).is_new
    assert await names(GUEST) == ["Thing 2", "Thing 1", "Thing 0"]
    assert await lists_of(STRANGER) == [] and await lists_of(None) == []


async def test_a_double_click_keeps_one(world: World) -> None:
    (lamp,) = await things(world, 1)
    saved = await asyncio.gather(*(changing.add(GUEST, lamp.offer) for _ in range(8)))
    assert [each.is_new for each in saved].count(True) == 1
    assert len(await lists_of(GUEST)) == 1 and await names(GUEST) == ["Thing 0"]


async def test_a_double_click_begins_one_list_and_the_name_can_be_had_again_later(world: World) -> None:
    (lamp,) = await things(world, 1)
    begun = await asyncio.gather(*(changing.begin(GUEST, "Birthday") for _ in range(4)))
    assert len(set(begun)) == 1 and len(await lists_of(GUEST)) == 2
    await changing.add(GUEST, lamp.offer, begun[0])
    assert await changing.begin(GUEST, "Birthday") not in begun


async def test_entries_move_up_and_down_and_stay_at_the_ends(world: World) -> None:
    for each in await things(world):
        await changing.add(GUEST, each.offer)
    first, second, third = await ids(GUEST)
    await changing.shift(GUEST, first, up=True)
    await changing.shift(GUEST, third, up=False)
    assert await ids(GUEST) == [first, second, third]
    await changing.shift(GUEST, third, up=True)
    assert await ids(GUEST) == [first, third, second]
    await asyncio.gather(*(changing.shift(GUEST, first, up=False) for _ in range(2)))
    assert await ids(GUEST) == [third, second, first]
    await asyncio.gather(*(changing.lift(GUEST, first) for _ in range(2)))
    assert await ids(GUEST) == [first, third, second]


async def test_an_entry_that_is_removed_while_another_window_moves_it_is_gone_there_too(world: World) -> None:
    for each in await things(world, 2):
        await changing.add(GUEST, each.offer)
    entry, other = await ids(GUEST)
    moves = (changing.shift(GUEST, entry, up=False) for _ in range(4))
    removed, *moved = await asyncio.gather(changing.remove(GUEST, entry), *moves, return_exceptions=True)
    assert removed == "Thing 1" and await ids(GUEST) == [other]
    assert all(each is None or isinstance(each, NotThere) for each in moved)


async def test_an_entry_goes_to_another_list_with_its_note_and_meets_its_like_there(world: World) -> None:
    lamp, mug, _ = await things(world)
    birthday = await changing.begin(GUEST, "Birthday")
    await changing.add(GUEST, lamp.offer)
    await changing.add(GUEST, mug.offer, birthday)
    await changing.add(GUEST, lamp.offer, birthday)
    (entry,) = await ids(GUEST)
    await changing.annotate(GUEST, entry, "for Rui")
    assert await changing.put_on(GUEST, entry, birthday) == "Birthday"
    assert await names(GUEST) == []
    assert [(each.name, each.note) for each in await entries_of(birthday)] == [
        ("Thing 0", "for Rui"),
        ("Thing 1", ""),
    ]


async def test_nobody_touches_the_list_of_another(world: World) -> None:
    (lamp,) = await things(world, 1)
    await changing.add(GUEST, lamp.offer)
    (entry,), listed = await ids(GUEST), (await main(GUEST)).id
    assert await changing.remove(STRANGER, entry) is None
    for attempt in (
        changing.annotate(STRANGER, entry, "x"),
        changing.shift(STRANGER, entry, up=True),
        changing.lift(STRANGER, entry),
        changing.put_on(STRANGER, entry, listed),
        changing.put_on(GUEST, entry, 10**12),
        changing.change(STRANGER, listed, "x", Visibility.PUBLIC),
        changing.discard(STRANGER, listed),
        changing.add(STRANGER, lamp.offer, listed),
        changing.wanted_offer(STRANGER, entry),
    ):
        with pytest.raises(NotThere):
            await attempt
    assert await names(GUEST) == ["Thing 0"]


async def test_a_list_that_becomes_private_is_not_found_under_its_old_address(world: World) -> None:
    (lamp,) = await things(world, 1)
    await changing.add(GUEST, lamp.offer)
    found = await main(GUEST)
    assert await shared(found.token) is None
    await changing.change(GUEST, found.id, "For the house", Visibility.LINK)
    seen = await shared(found.token)
    assert seen and seen.name == "For the house"
    await changing.change(GUEST, found.id, "For the house", Visibility.PRIVATE)
    await changing.change(GUEST, found.id, "For the house", Visibility.PUBLIC)
    assert await shared(found.token) is None
    assert await shared((await main(GUEST)).token)


async def test_the_main_list_is_emptied_and_another_is_removed(world: World) -> None:
    (lamp,) = await things(world, 1)
    await changing.add(GUEST, lamp.offer)
    other = await changing.begin(GUEST, "Other")
    await changing.discard(GUEST, other)
    await changing.discard(GUEST, (await main(GUEST)).id)
    assert [(each.name, each.entries) for each in await lists_of(GUEST)] == [("Wishlist", 0)]


async def test_lists_and_their_lengths_are_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing, "MOST_LISTS", 3)
    monkeypatch.setattr(changing, "MOST_ENTRIES", 2)
    made = await asyncio.gather(*(changing.begin(GUEST, f"L{n}") for n in range(5)), return_exceptions=True)
    assert len([each for each in made if isinstance(each, Full)]) == 3
    lamp, mug, throw = await things(world)
    await changing.add(GUEST, lamp.offer)
    await changing.add(GUEST, mug.offer)
    with pytest.raises(Full):
        await changing.add(GUEST, throw.offer)


async def test_prices_and_stock_are_today_s(world: World) -> None:
    lamp, mug, _ = await things(world)
    await changing.add(GUEST, lamp.offer)
    await changing.add(GUEST, mug.offer)
    await execute("UPDATE offer SET price_minor = price_minor - 500 WHERE id = $1", lamp.offer)
    await execute("UPDATE offer SET withdrawn_at = now() WHERE id = $1", mug.offer)
    gone, cheaper = await entries_of((await main(GUEST)).id)
    assert (gone.offer_id, gone.available) == (None, 0)
    assert (cheaper.cheaper_by_minor, cheaper.available) == (500, 5)


async def test_a_guest_s_lists_become_the_account_s_and_nothing_is_lost(world: World) -> None:
    account = Owner(await person("marta@example.pt"), None)
    lamp, mug, throw = await things(world)
    assert account.account and GUEST.visitor
    for owner, note in ((account, "mine"), (GUEST, "guest's")):
        await changing.add(owner, lamp.offer)
        await changing.annotate(owner, (await ids(owner))[0], note)
    await changing.add(account, mug.offer)
    await changing.add(GUEST, throw.offer)
    kitchen = await changing.begin(GUEST, "Kitchen")
    await changing.add(GUEST, mug.offer, kitchen)
    await asyncio.gather(*(merge(GUEST.visitor, account.account) for _ in range(3)))
    found = {entry.name: entry.note for entry in await entries_of((await main(account)).id)}
    assert found == {"Thing 0": "mine / guest's", "Thing 1": "", "Thing 2": ""}
    assert [each.name for each in await lists_of(account)] == ["Wishlist", "Kitchen"]
    assert await lists_of(GUEST) == []


async def test_private_lists_of_one_name_are_joined_with_their_notes_in_their_order(world: World) -> None:
    account = Owner(await person("marta@example.pt"), None)
    assert account.account and GUEST.visitor
    lamp, mug, throw = await things(world)
    for owner, goods, note in ((account, (mug, lamp), "mine"), (GUEST, (throw, lamp), "guest's")):
        kitchen = await changing.begin(owner, "Kitchen")
        for each in goods:
            await changing.add(owner, each.offer, kitchen)
        await changing.annotate(owner, (await entries_of(kitchen))[0].id, note)
    await merge(GUEST.visitor, account.account)
    _, joined = await lists_of(account)
    assert joined.name == "Kitchen"
    found = [(entry.name, entry.note) for entry in await entries_of(joined.id)]
    assert found == [("Thing 0", "mine / guest's"), ("Thing 1", ""), ("Thing 2", "")]


@pytest.mark.parametrize("shared_by", ["account", "guest"])
async def test_a_list_that_others_see_is_not_joined_so_nobody_sees_more_and_its_address_stays(
    world: World, shared_by: str
) -> None:
    account = Owner(await person("marta@example.pt"), None)
    assert account.account and GUEST.visitor
    (lamp,) = await things(world, 1)
    for owner in (account, GUEST):
        await changing.add(owner, lamp.offer, await changing.begin(owner, "Kitchen"))
    sharing = account if shared_by == "account" else GUEST
    given = (await lists_of(sharing))[1]
    await changing.change(sharing, given.id, "Kitchen", Visibility.LINK)
    await merge(GUEST.visitor, account.account)
    kitchens = (await lists_of(account))[1:]
    assert sorted(each.visibility for each in kitchens) == [Visibility.LINK, Visibility.PRIVATE]
    still = await shared(given.token)
    assert still is not None and still.id == given.id
