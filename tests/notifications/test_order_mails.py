"""What a shopper reads about an order."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.accounts.owners import Owner
from app.infra.clock import frozen, now
from app.infra.database import execute
from app.notifications import orders
from app.notifications.confidential import filled
from app.orders.cancelling import cancel
from tests.accounts.people import person
from tests.notifications.events import mails, written
from tests.orders.sending import arrived, paid, pay
from tests.orders.wanting import pending
from tests.world import World


async def test_an_order_is_confirmed_with_all_that_was_ordered(world: World) -> None:
    order = await pending(world, await world.product(), quantity=2)
    (mail,) = await written()
    assert mail["subject"] == f"We have your order {order.number}"
    assert mail["recipient"] == "marta@feira.example"
    for body in (mail["html"], mail["text"]):
        for words in (order.number, "Alcova desk lamp", "€97.80", "€3.90", "€101.70", "Rua da Boavista 84", "1200-109"):
            assert words in body, words
        assert "Not paid yet" in body
    assert "Thank you, Marta." in mail["text"]


async def test_orders_that_nobody_pays_fill_no_stranger_s_mailbox(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "MOST_UNPAID", 2)
    lamp = await world.product(stock={"LIS": 9})
    placed = [await pending(world, lamp) for _ in range(3)]
    assert [mail["kind"] for mail in await written()] == ["order_placed"] * 2
    await cancel(placed[0].id, None, "shopper")
    assert len(await written()) == 2
    await pay(placed[2])
    assert [mail["kind"] for mail in await written()][2:] == ["order_paid"]
    with frozen(now() + orders.UNPAID_WITHIN):
        await cancel(placed[1].id, None, "shopper")
        assert [mail["kind"] for mail in await written()][3:] == ["order_cancelled"]


async def test_an_order_of_long_ago_is_no_news(world: World) -> None:
    with frozen(now() - timedelta(days=20)):
        await pending(world, await world.product())
    assert await written() == []


async def test_the_link_of_a_guest_shows_just_this_order_on_any_device(world: World, client: httpx.AsyncClient) -> None:
    order = await pending(world, await world.product(stock={"LIS": 9}))
    other = await pending(world, await world.product())
    await written()
    mail = (await mails())[0]
    assert "key=~only" in mail["text"]  # who reads the table does not get in
    (text,) = filled([mail["text"]], mail["sealed"])
    found = re.search(r"http://\S+(/orders/\S+)", text)
    assert found
    assert (await client.get(f"/orders/{order.number}")).status_code == 404
    assert (await client.get(found[1][:-1])).status_code == 404
    assert (await client.get(found[1].replace(order.number, other.number))).status_code == 404
    page = await client.get(found[1])
    assert page.status_code == 200
    assert page.url.path == f"/orders/{order.number}"
    assert not page.url.query  # the key stays out of the history
    assert (await client.get(f"/orders/{order.number}")).status_code == 200
    assert (await client.get(f"/orders/{other.number}")).status_code == 404
    client.cookies.set("feira_orders", f'["{other.number}"]')
    assert (await client.get(f"/orders/{other.number}")).status_code == 404


async def test_the_link_of_an_account_leads_through_its_sign_in(world: World) -> None:
    order = await pending(world, await world.product(), owner=Owner(await person(), None))
    (mail,) = await written()
    assert f"/sign-in?next=/orders/{order.number}" in mail["text"]
    assert "key=" not in mail["text"]


HOSTILE = "Marta\r\nBcc: everybody@feira.example\u202e <script>alert(1)</script>"


async def test_names_and_titles_stay_words(world: World) -> None:
    lamp = await world.product("Lamp <img src=x onerror=alert(1)>\nFree: http://evil.example")
    order = await pending(world, lamp)
    await execute("UPDATE shop_order SET name = $1, line2 = $1", HOSTILE)
    (mail,) = await written()
    assert "<script" not in mail["html"] and "<img" not in mail["html"]
    assert "&lt;script&gt;" in mail["html"]
    assert not re.search(r"^(Bcc|Free):", mail["text"], re.M)
    assert "\u202e" not in mail["text"] + mail["subject"]
    assert "Thank you.\n\n1 item for" in mail["text"]  # this is no name to greet anybody by
    assert order.number in mail["subject"]


async def test_a_name_written_from_right_to_left_turns_nothing_around(world: World) -> None:
    """Between an Arabic name and a price on one line, mail programs show the price on the name's other side."""
    await pending(world, await world.product("سجادة"))
    await execute("UPDATE shop_order SET name = 'محمد الشريف'")
    (mail,) = await written()
    assert "Thank you, محمد.</p>" in mail["html"]
    assert re.search("Thank you, محمد\\.\u2069?\n", mail["text"])
    assert "1 × \u2068سجادة\u2069 (" in mail["text"]


async def test_who_lives_in_another_country_reads_by_which_clock_things_are_held(world: World) -> None:
    await pending(world, await world.product())
    await execute("UPDATE shop_order SET country = 'ES', postcode = '28013'")
    (mail,) = await written()
    assert re.search(r"held for you until \d\d:\d\d \(Madrid time\)\.", mail["text"])


async def test_a_parcel_that_has_arrived_is_not_said_to_be_on_its_way(world: World) -> None:
    """The mails wait while the worker is away: the later one says all."""
    await arrived(await paid(world, await world.product()))
    kinds = [mail["kind"] for mail in await written()]
    assert "order_delivered" in kinds and "order_shipped" not in kinds


async def test_a_buyer_reads_for_how_long_things_may_go_back(world: World) -> None:
    """The law wants it said with the confirmation; once it has arrived, there is a day to name."""
    with frozen(datetime(2026, 11, 20, 12, tzinfo=UTC)):
        await arrived(await paid(world, await world.product()))
        mails = {mail["kind"]: mail["text"] for mail in await written()}
    assert "You may send things back for 14 days after they arrive" in mails["order_paid"]
    assert "You may send it back on the order’s page until Fri 4 Dec." in mails["order_delivered"]
