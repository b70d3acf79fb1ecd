"""Lists that tell: what their owners hear of, how often, and how they stop it."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from app.accounts.owners import Owner
from app.events.outbox import publish
from app.infra.clock import frozen
from app.infra.database import execute, fetch
from app.notifications.wishes.digests import tell_price_drops
from app.notifications.wishes.stopping import account_of_key, stop_link
from app.notifications.wishes.watching import watch_stock
from app.recommendations import prices
from app.wishlists import changing, telling
from app.wishlists.changing import NotThere
from app.wishlists.contents import lists_of
from app.wishlists.merging import merge
from tests.accounts.people import Client, person, sign_in
from tests.notifications.events import published, written
from tests.world import Goods, World

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
async def ana(world: World) -> Owner:
    account = await person()
    await execute("UPDATE account SET email_confirmed_at = now()")
    return Owner(account, None)


async def on_a_list(owner: Owner, *goods: Goods) -> int:
    """The id of their main list, which tells."""
    for each in goods:
        await changing.add(owner, each.offer)
    wishlist = (await lists_of(owner))[0].id
    await telling.switch(owner, wishlist, on=True)
    return wishlist


async def stock(goods: Goods, on_hand: int, at: datetime = NOON) -> None:
    """So many pieces are there from now on, and the consumer hears of it."""
    await execute("UPDATE stock SET on_hand = $2 WHERE offer = $1", goods.offer, on_hand)
    with frozen(at):
        await publish("products", "1", {"products": [goods.product]})
        await watch_stock([(await published("products"))[-1]])


async def price(goods: Goods, minor: int, at: datetime) -> None:
    await execute("UPDATE offer SET price_minor = $2, updated_at = $3 WHERE id = $1", goods.offer, minor, at)
    await prices.note([goods.product])


async def heard() -> list[str]:
    with frozen(NOON):
        return [mail["subject"] for mail in await written("wishlists")]


async def test_a_list_is_silent_until_its_owner_wants_to_hear(world: World, ana: Owner) -> None:
    lamp = await world.product(stock={"LIS": 0})
    await changing.add(ana, lamp.offer)
    await stock(lamp, 3)
    assert await heard() == []


async def test_what_was_sold_out_when_it_was_added_is_told_when_it_is_back(world: World, ana: Owner) -> None:
    lamp, mug = await world.product(stock={"LIS": 0}), await world.product("Mug")
    await on_a_list(ana, lamp, mug)
    await stock(lamp, 3)
    await stock(mug, 4)
    assert await heard() == ["Alcova desk lamp is back in stock"]
    (mail,) = await fetch("SELECT * FROM mail")
    assert f"/p/{lamp.slug}?variant=" in mail["text"] and "€48.90" in mail["text"]
    assert "/sign-in?next=/wishlists" in mail["text"]  # signed out, its owner would find a guest’s empty list there
    assert mail["recipient"] == "ana@example.pt"


async def test_an_address_that_nobody_has_confirmed_is_not_written_to(world: World, ana: Owner) -> None:
    await execute("UPDATE account SET email_confirmed_at = NULL")
    lamp = await world.product(stock={"LIS": 0})
    await on_a_list(ana, lamp)
    await stock(lamp, 3)
    assert await heard() == []


async def test_an_entry_that_is_added_later_tells_too(world: World, ana: Owner) -> None:
    lamp, mug = await world.product(), await world.product("Mug", stock={"LIS": 0})
    await on_a_list(ana, lamp)
    await changing.add(ana, mug.offer)
    await stock(mug, 1)
    assert await heard() == ["Mug is back in stock"]


async def test_stock_that_flaps_is_told_once(world: World, ana: Owner) -> None:
    lamp = await world.product()
    await on_a_list(ana, lamp)
    await stock(lamp, 0, NOON)
    await stock(lamp, 1, NOON + timedelta(minutes=20))  # somebody did not pay for the last one
    assert await heard() == []
    for day in range(3):
        await stock(lamp, 0, NOON + timedelta(days=day))
        await stock(lamp, 1, NOON + timedelta(days=day, hours=2))
    assert len(await heard()) == 1
    await stock(lamp, 0, NOON + timedelta(days=8))
    await stock(lamp, 1, NOON + timedelta(days=9))
    assert len(await heard()) == 2


async def test_several_things_that_come_back_at_once_are_one_mail(world: World, ana: Owner) -> None:
    goods = [await world.product(f"Lamp {number}", stock={"LIS": 0}) for number in range(3)]
    await on_a_list(ana, *goods)
    await execute("UPDATE stock SET on_hand = 2")
    with frozen(NOON):
        await publish("products", "1", {"products": [each.product for each in goods]})
        events = await published("products")
        await watch_stock(events)
        await watch_stock(events)
    assert await heard() == ["3 things on your wishlist are back in stock"]


async def test_what_is_gone_again_before_the_mail_is_written_is_no_news(world: World, ana: Owner) -> None:
    lamp = await world.product(stock={"LIS": 0})
    await on_a_list(ana, lamp)
    await stock(lamp, 1)
    await stock(lamp, 0)
    assert await heard() == []


async def reduced(world: World, *names: str) -> list[Goods]:
    """Goods that cost 100 for 40 days; `drop` makes them cheaper."""
    goods = [await world.product(name, price_minor=10000) for name in names]
    for each in goods:
        await price(each, 10000, NOON - timedelta(days=40))
    return goods


async def digest(at: datetime) -> int:
    with frozen(at):
        return await tell_price_drops()


async def test_lower_prices_are_told_once_a_day_against_the_price_before(world: World, ana: Owner) -> None:
    lamp, mug, cup = await reduced(world, "Lamp", "Mug", "Cup")
    await on_a_list(ana, lamp, mug, cup)
    assert await digest(NOON) == 0
    await price(lamp, 8000, NOON)
    await price(mug, 9900, NOON)  # less than a twentieth is no news
    assert await digest(NOON) == 1
    await price(cup, 5000, NOON)
    assert await digest(NOON + timedelta(hours=1)) == 0
    assert await heard() == ["Lamp is at a lower price"]
    (mail,) = await fetch("SELECT * FROM mail")
    assert "€80.00, was €100.00" in mail["text"]
    assert await digest(NOON + timedelta(days=1)) == 1
    assert (await heard())[1:] == ["Cup is at a lower price"]


async def test_a_price_that_goes_up_and_down_is_told_once(world: World, ana: Owner) -> None:
    (lamp,) = await reduced(world, "Lamp")
    await on_a_list(ana, lamp)
    for day, minor in enumerate((8000, 10000, 8000, 10000, 7900)):
        await price(lamp, minor, NOON + timedelta(days=day))
        await digest(NOON + timedelta(days=day, hours=1))
        await heard()
    assert len(await heard()) == 1


async def test_no_mail_is_written_at_night(world: World, ana: Owner) -> None:
    (lamp,) = await reduced(world, "Lamp")
    await on_a_list(ana, lamp)
    await price(lamp, 5000, NOON)
    assert await digest(NOON + timedelta(hours=15)) == 0


async def test_the_key_of_a_mail_stops_such_mails_and_opening_it_does_not(
    world: World, ana: Owner, client: Client
) -> None:
    lamp = await world.product(stock={"LIS": 0})
    await on_a_list(ana, lamp)
    await stock(lamp, 1)
    await heard()
    (mail,) = await fetch("SELECT * FROM mail")
    assert mail["unsubscribe"] in mail["text"]
    way = mail["unsubscribe"].removeprefix(f"{urlsplit(mail['unsubscribe']).scheme}://127.0.0.1:8000")
    assert "Stop these mails" in (await client.get(way)).text
    assert (await lists_of(ana))[0].tells
    answer = await client.post(way, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not (await lists_of(ana))[0].tells
    assert (await client.post(way)).status_code == 200
    assert await fetch("SELECT FROM wish_watch") == []


@pytest.mark.parametrize("key", ["", "x", "MQ.x", "%00", "9" * 3000])
async def test_a_made_up_key_stops_nothing(client: Client, key: str) -> None:
    for method in ("GET", "POST"):
        assert (await client.request(method, f"/mails/wishlists/off?key={key}")).status_code == 404
    assert account_of_key(stop_link(7).partition("key=")[2]) == 7


async def test_the_switch_is_on_the_list_of_who_is_signed_in(world: World, ana: Owner, client: Client) -> None:
    lamp = await world.product()
    await changing.add(ana, lamp.offer)
    number = (await lists_of(ana))[0].id
    await sign_in(client)
    assert "Tell me by e-mail" in (await client.get("/wishlists")).text
    page = await client.post(f"/wishlists/{number}", data={"tells": "on"})
    assert "Stop the mails" in page.text
    assert (await lists_of(ana))[0].tells
    page = await client.post(f"/wishlists/{number}", data={"name": "Mine", "visibility": "private"})
    assert (await lists_of(ana))[0].tells  # another form says nothing of it
    page = await client.post(f"/wishlists/{number}", data={"tells": "\x00"})
    assert "Tell me by e-mail" in page.text


async def test_guests_and_strangers_switch_nothing(world: World, ana: Owner, client: Client) -> None:
    lamp = await world.product()
    await changing.add(ana, lamp.offer)
    number = (await lists_of(ana))[0].id
    with pytest.raises(NotThere):
        await telling.switch(Owner(None, b"guest"), number, on=True)
    with pytest.raises(NotThere):
        await telling.switch(Owner(await person("other@example.pt"), None), number, on=True)
    await client.post("/wishlists/entries", data={"offer": str(lamp.offer)})
    page = await client.get("/wishlists")
    assert "Tell me by e-mail" not in page.text and "Sign in</a> to hear" in page.text


async def test_what_a_guest_brings_along_is_watched_on_the_list_that_tells(world: World, ana: Owner) -> None:
    lamp, mug = await world.product(), await world.product("Mug", stock={"LIS": 0})
    await on_a_list(ana, lamp)
    await changing.add(Owner(None, b"guest"), mug.offer)
    assert ana.account
    await merge(b"guest", ana.account)
    await stock(mug, 1)
    assert await heard() == ["Mug is back in stock"]


async def test_hostile_names_of_products_do_nothing(world: World, ana: Owner) -> None:
    lamp = await world.product("Lamp\r\nBcc: x@evil.example <script>", stock={"LIS": 0})
    await on_a_list(ana, lamp)
    await stock(lamp, 1)
    await heard()
    (mail,) = await fetch("SELECT * FROM mail")
    assert "\n" not in mail["subject"] and "<script" not in mail["html"]
    assert not re.search(r"^Bcc", mail["text"], re.M)
