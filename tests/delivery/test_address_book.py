"""An account's addresses: typed once, chosen at checkout, seen by nobody else."""

import asyncio
from typing import Any

import pytest

from app.delivery import address_book
from app.delivery.address_book import MOST, BookFull, entries_of
from app.delivery.addresses import PostalAddress
from app.infra.database import execute, fetch
from tests.accounts.people import Client, entered, person
from tests.checkout.shopping import fill_cart, words
from tests.world import World

HOME = {"name": "Ana Lopes", "line1": "Rua  da Boavista 84", "postcode": "1200109", "phone": "+351 912 345 678"}
WORK = {**HOME, "line1": "Largo da Sé 3", "line2": "2.º", "postcode": "4000-001"}
BOOK = "/account/addresses"


def at(number: int) -> PostalAddress:
    return PostalAddress("Ana", "", f"Rua {number}", "", "1200-109", "Lisboa")


async def test_the_first_address_is_the_usual_one_and_is_made_whole(client: Client) -> None:
    account = await entered(client)
    answer = await client.post(BOOK, data=HOME)
    assert "The address is kept" in answer.text and "Usual address" in answer.text
    await client.post(BOOK, data=WORK)
    work, home = sorted(await entries_of(account), key=lambda entry: entry.address.line1)
    assert home.address == PostalAddress("Ana Lopes", HOME["phone"], "Rua da Boavista 84", "", "1200-109", "Lisboa")
    assert (home.is_default, work.is_default) == (True, False)


async def test_another_one_becomes_the_usual_one_and_is_deleted(client: Client) -> None:
    account = await entered(client)
    first, second = [await address_book.add(account, at(number)) for number in (1, 2)]
    await client.post(f"{BOOK}/{second}/default")
    assert [(e.id, e.is_default) for e in await entries_of(account)] == [(second, True), (first, False)]
    assert "Rua 2 is deleted" in (await client.post(f"{BOOK}/{second}/removal")).text
    assert [(e.id, e.is_default) for e in await entries_of(account)] == [(first, True)]
    assert (await client.post(f"{BOOK}/{second}/removal")).status_code == 200  # a second click


async def test_an_address_can_be_changed(client: Client) -> None:
    account = await entered(client)
    entry = await address_book.add(account, at(1))
    assert 'value="Rua 1"' in (await client.get(f"{BOOK}/{entry}")).text
    await client.post(f"{BOOK}/{entry}", data=WORK)
    assert [e.address.line1 for e in await entries_of(account)] == ["Largo da Sé 3"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Enter your full name"),
        ({"line1": "Rua da Boavista"}, "Add the door number"),
        ({"line1": "x1" * 200}, "Use at most 200 characters"),
        ({"postcode": ""}, "Enter your postcode"),
        ({"postcode": "1200"}, "A postcode of Portugal looks like 1200-109."),
        ({"postcode": "9500-321"}, "We do not deliver to this postcode yet."),
        ({"postcode": "１２００-109\x00"}, "A postcode of Portugal looks like 1200-109."),
        ({"phone": "ring me"}, "Enter a number like"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: Client, change: dict[str, str], said: str
) -> None:
    account = await entered(client)
    answer = await client.post(BOOK, data={**HOME, **change})
    assert answer.status_code == 422 and said in words(answer)
    assert HOME["phone"] in answer.text or "phone" in change
    assert await entries_of(account) == []


async def test_nobody_else_sees_or_changes_an_address(client: Client) -> None:
    account = await person("rui@example.pt")
    entry = await address_book.add(account, at(1))
    await entered(client)
    for method, path in (("GET", ""), ("POST", ""), ("POST", "/default")):
        assert (await client.request(method, f"{BOOK}/{entry}{path}", data=HOME)).status_code == 404
    await client.post(f"{BOOK}/{entry}/removal")
    for odd in ("0", "-1", "9" * 40, "x", "%00", "1.5"):
        assert (await client.get(f"{BOOK}/{odd}")).status_code == 404
    assert [e.address for e in await entries_of(account)] == [at(1)]


async def test_the_same_address_twice_is_once_and_there_are_twenty_at_most(client: Client) -> None:
    account = await entered(client)
    same = await asyncio.gather(*(address_book.add(account, at(0)) for _ in range(6)))
    assert len(set(same)) == 1
    results: Any = await asyncio.gather(
        *(address_book.add(account, at(number)) for number in range(1, MOST + 5)), return_exceptions=True
    )
    assert sum(isinstance(result, BookFull) for result in results) == 5
    assert len(await entries_of(account)) == MOST
    assert sum(entry.is_default for entry in await entries_of(account)) == 1
    assert "as many as there can be" in (await client.post(BOOK, data=HOME)).text


async def test_the_checkout_offers_the_addresses_with_the_usual_one_marked(client: Client, world: World) -> None:
    account = await entered(client)
    for number in (1, 2):
        await address_book.add(account, at(number))
    await fill_cart(client, await world.product())
    answer = await client.get("/checkout")
    assert "Rua 1" in words(answer) and "Rua 2" in words(answer)
    first = next(e for e in await entries_of(account) if e.is_default)
    assert f'name="saved" value="{first.id}" checked' in answer.text
    answer = await client.post("/checkout/address", data={"saved": str(first.id)})
    assert answer.url.path == "/checkout/payment" and "Rua 1" in words(answer) and "ana@example.pt" in words(answer)


async def test_an_address_typed_at_checkout_is_kept_if_so_wished(client: Client, world: World) -> None:
    account = await entered(client)
    await fill_cart(client, await world.product())
    await client.post("/checkout/address", data=WORK)
    assert await entries_of(account) == []
    answer = await client.post("/checkout/address", data={**HOME, "save": "on"})
    assert answer.url.path == "/checkout/payment"
    await client.post("/checkout/address", data={**HOME, "save": "on"})  # once more, by the back button
    assert [e.address.line1 for e in await entries_of(account)] == ["Rua da Boavista 84"]


async def test_a_full_book_is_said_at_checkout_and_nothing_typed_is_lost(client: Client, world: World) -> None:
    account = await entered(client)
    for number in range(MOST):
        await address_book.add(account, at(number))
    await fill_cart(client, await world.product())
    answer = await client.post("/checkout/address", data={**WORK, "save": "on"})
    assert answer.status_code == 422 and "as many as there can be" in words(answer)
    assert 'value="Largo da Sé 3"' in answer.text


@pytest.mark.parametrize("saved", ["", "0", "999", "x", "9" * 40])
async def test_another_ones_address_cannot_be_chosen(client: Client, world: World, saved: str) -> None:
    others = await address_book.add(await person("rui@example.pt"), at(7))
    account = await entered(client)
    await address_book.add(account, at(1))
    await fill_cart(client, await world.product())
    for value in (saved, str(others)):
        answer = await client.post("/checkout/address", data={"saved": value})
        assert answer.status_code == 422 and "Choose one of your addresses" in words(answer)
        assert "Rua 7" not in answer.text


async def test_a_guest_chooses_and_keeps_nothing(client: Client, world: World) -> None:
    entry = await address_book.add(await person(), at(1))
    await fill_cart(client, await world.product())
    assert (await client.post("/checkout/address", data={"saved": str(entry)})).status_code == 422
    await client.post("/checkout/address", data={**HOME, "email": "eva@example.pt", "save": "on"})
    assert len(await fetch("SELECT FROM saved_address")) == 1


async def test_an_address_where_nobody_delivers_any_more_is_said_and_not_taken(client: Client, world: World) -> None:
    account = await entered(client)
    entry = await address_book.add(account, PostalAddress("Ana", "", "Rua 1", "", "9500-321", "Ponta Delgada"))
    assert "No delivery there now" in (await client.get(BOOK)).text
    await fill_cart(client, await world.product())
    answer = await client.post("/checkout/address", data={"saved": str(entry)})
    assert answer.status_code == 422 and "We do not deliver to this postcode yet" in words(answer)


async def test_an_order_keeps_the_address_that_it_was_placed_with(client: Client, world: World) -> None:
    account = await entered(client)
    entry = await address_book.add(account, at(1))
    await fill_cart(client, await world.product())
    await client.post("/checkout/address", data={"saved": str(entry)})
    await client.post(f"{BOOK}/{entry}", data=WORK)
    assert "Rua 1" in words(await client.get("/checkout/delivery"))
    await execute("DELETE FROM saved_address")
    assert "Rua 1" in words(await client.get("/checkout/delivery"))
