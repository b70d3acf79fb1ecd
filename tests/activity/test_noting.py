"""What shoppers do is noted without waiting, kept only of those of whom something is remembered, and may be lost."""

import time
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from app.accounts.owners import Owner
from app.activity import choices, keeping
from app.activity.noting import NOBODY, Note, key_of, noted, owner_in
from app.activity.tables import Kind
from app.events.event import Event
from app.infra import clock
from app.infra.clock import now
from app.infra.database import execute, fetch
from app.recommendations.activity import take_activity, take_orders
from app.web.visitors import COOKIE as VISITOR
from tests.accounts.people import Client, person, sign_in
from tests.activity.hearing import counted, heard, kept, told
from tests.orders.wanting import guest, pending
from tests.search.conftest import Reindex
from tests.world import Goods, World

EMAIL = "marta@example.pt"


async def test_what_a_shopper_with_an_account_does_is_kept(
    client: Client, world: World, lamp: Goods, reindex: Reindex
) -> None:
    await reindex()
    await person(EMAIL)
    await sign_in(client, email=EMAIL)
    await client.get(f"/p/{lamp.slug}")
    await client.get("/search?q=Alcova+Lamp")
    await client.post("/cart/lines", data={"offer": lamp.offer, "quantity": 1})
    await client.post("/wishlists/entries", data={"offer": lamp.offer})
    line = (await fetch("SELECT id FROM cart_line"))[0]["id"]
    await client.post(f"/cart/lines/{line}", data={"remove": "1"})
    entry = (await fetch("SELECT id FROM wishlist_entry"))[0]["id"]
    await client.post(f"/wishlists/entries/{entry}", data={"remove": "1"})
    aside = (await fetch("SELECT id FROM aside_line"))[0]["id"]
    await client.post(f"/cart/aside/{aside}")
    line = (await fetch("SELECT id FROM cart_line"))[0]["id"]
    await client.post(f"/cart/lines/{line}", data={"save": "1"})
    await client.post("/wishlists/entries", data={"offer": lamp.offer})
    entry = (await fetch("SELECT id FROM wishlist_entry"))[0]["id"]
    await client.post(f"/wishlists/entries/{entry}", data={"cart": "1"})
    await client.post("/cart/shared")
    (token,) = [row["token"] for row in await fetch("SELECT token FROM shared_cart")]
    await client.post(f"/cart/shared/{token}")
    await heard()
    assert await kept() == [
        (Kind.VIEWED, lamp.product, ""),
        (Kind.SEARCHED, None, "alcova lamp"),
        (Kind.CARTED, lamp.product, ""),
        (Kind.WISHED, lamp.product, ""),
        (Kind.UNCARTED, None, ""),
        (Kind.UNWISHED, None, ""),
        (Kind.CARTED, None, ""),
        (Kind.UNCARTED, None, ""),
        (Kind.WISHED, lamp.product, ""),
        (Kind.CARTED, lamp.product, ""),
        (Kind.CARTED, lamp.product, ""),
    ]


async def test_a_passer_by_is_counted_by_product_only_and_gets_no_name(
    client: Client, lamp: Goods, reindex: Reindex
) -> None:
    await reindex()
    for _ in range(2):
        await client.get(f"/p/{lamp.slug}")
    await heard()
    assert await kept() == []
    (row,) = await fetch("SELECT product, viewed, carted, wished FROM product_interest")
    assert tuple(row) == (lamp.product, 2, 0, 0)
    assert VISITOR not in client.cookies


async def test_a_visitor_with_a_cart_is_remembered_as_the_cart_is(client: Client, lamp: Goods) -> None:
    await client.post("/cart/lines", data={"offer": lamp.offer, "quantity": 1})
    await client.get(f"/p/{lamp.slug}")
    await heard()
    assert await kept() == [(Kind.CARTED, lamp.product, ""), (Kind.VIEWED, lamp.product, "")]


@pytest.mark.parametrize(
    "headers",
    [{"dnt": "1"}, {"sec-gpc": "1"}],
)
async def test_who_does_not_want_to_be_tracked_is_not_even_counted(
    client: Client, lamp: Goods, headers: dict[str, str]
) -> None:
    await person(EMAIL)
    await sign_in(client, email=EMAIL)
    await client.get(f"/p/{lamp.slug}", headers=headers)
    await client.post("/cart/lines", data={"offer": lamp.offer, "quantity": 1}, headers=headers)
    await heard()
    assert (await kept(), await counted("viewed"), await counted("carted")) == ([], 0, 0)


async def test_robots_and_people_who_work_here_are_not_counted(client: Client, lamp: Goods) -> None:
    await client.get(f"/p/{lamp.slug}", headers={"user-agent": "Examplebot/1.0 (crawler)"})
    await person("op@example.pt", role="operator")
    await sign_in(client, email="op@example.pt")
    await client.get(f"/p/{lamp.slug}")
    assert await told() == []


async def test_with_the_cookie_that_says_no_only_the_product_is_counted(client: Client, lamp: Goods) -> None:
    await person(EMAIL)
    await sign_in(client, email=EMAIL)
    client.cookies.set(choices.COOKIE, choices.OFF)
    await client.get(f"/p/{lamp.slug}")
    await heard()
    assert (await kept(), await counted("viewed")) == ([], 1)


async def test_a_no_counts_for_what_is_on_its_way_through_the_log_too(client: Client, lamp: Goods) -> None:
    account = await person(EMAIL)
    await sign_in(client, email=EMAIL)
    await client.get(f"/p/{lamp.slug}")
    events = await told()
    await execute(
        "INSERT INTO personal_choice (account, is_off, hidden, changed_at) VALUES ($1, true, '{}', $2)", account, now()
    )
    await take_activity(events)
    assert (await kept(), await fetch("SELECT FROM shopper_interest")) == ([], [])


async def test_an_event_that_comes_twice_counts_once(client: Client, lamp: Goods) -> None:
    await client.get(f"/p/{lamp.slug}")
    events = await told()
    for _ in range(2):
        await take_activity(events)
    await take_activity([*events, *events])
    assert await counted("viewed") == 1


async def test_what_a_visitor_did_is_the_account_s_at_sign_in(client: Client, world: World, lamp: Goods) -> None:
    account = await person(EMAIL)
    await client.post("/cart/lines", data={"offer": lamp.offer, "quantity": 1})
    await heard()
    assert (await fetch("SELECT account FROM activity"))[0]["account"] is None
    await sign_in(client, email=EMAIL)
    for table in ("activity", "shopper_interest"):
        assert [tuple(row) for row in await fetch(f"SELECT account, visitor FROM {table}")] == [(account, None)]


async def test_of_one_shopper_so_much_is_kept_and_no_more(
    client: Client, lamp: Goods, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_KEPT", 2)
    for _ in range(3):
        await client.post("/cart/lines", data={"offer": lamp.offer, "quantity": 1})
        await heard()
    assert len(await kept()) == 2
    client.cookies.clear()  # another one
    await client.post("/cart/lines", data={"offer": lamp.offer, "quantity": 1})
    await heard()
    assert len(await kept()) == 3
    monkeypatch.setattr(keeping, "MOST_KEPT", 1)
    account = await person(EMAIL)
    for visitor in ("one", "two"):
        await keeping.keep([keeping.Done(Owner(None, visitor.encode()), Kind.WISHED, now())])
        await keeping.merge(visitor.encode(), account)
    assert len(await fetch("SELECT FROM activity WHERE account = $1", account)) == 1


async def test_after_90_days_nothing_is_left(client: Client, lamp: Goods) -> None:
    await client.post("/cart/lines", data={"offer": lamp.offer, "quantity": 1})
    await heard()
    await keeping.forget_old()
    assert len(await kept()) == 1
    with clock.frozen(now() + keeping.KEPT * 1.02):
        await keeping.forget_old()
    for table in ("activity", "shopper_interest", "product_interest", "activity_count"):
        assert await fetch(f"SELECT FROM {table}") == []


async def test_what_is_paid_is_noted_once_from_the_order(world: World, lamp: Goods) -> None:
    order = await pending(world, lamp, owner=guest("Rita"))
    await execute("UPDATE shop_order SET state = 'paid', paid_at = now() WHERE id = $1", order.id)
    events = [
        Event(uuid4(), "orders", order.number, {"kind": kind, "order": order.id, "number": order.number})
        for kind in ("placed", "paid")
    ]
    await take_orders(events)
    await take_orders(events)
    assert await kept() == [(Kind.BOUGHT, lamp.product, "")]


async def test_what_there_is_not_is_no_reason_to_stop(db: None) -> None:
    """Products, offers and accounts that are gone, a clock in the future."""
    notes = [
        Note(Kind.VIEWED, time.time() + 9e6, product=2**62),
        Note(Kind.CARTED, time.time(), offer=2**62),
        Note(Kind.SEARCHED, 0.0, query="x" * 80),
    ]
    for note in notes:
        noted().add("account:999999", note)
        noted().add("visitor:00ff", note)
    await heard()
    assert await kept() == [(Kind.VIEWED, None, ""), (Kind.CARTED, None, ""), (Kind.SEARCHED, None, "x" * 80)]
    assert all(row["at"] <= now() for row in await fetch("SELECT at FROM activity"))


async def test_a_hostile_cookie_is_somebody_new_at_most(client: Client, lamp: Goods) -> None:
    for sent in ("x" * 3000, "%00", "'; DROP TABLE activity", "é"):
        answer = await client.get(
            f"/p/{lamp.slug}", headers={b"cookie": f"{VISITOR}={sent}; {choices.COOKIE}={sent}".encode()}
        )
        assert answer.status_code == 200
    await heard()
    assert await counted("viewed") == 4


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("", choices.Choice()),
        ("off", choices.Choice(True)),
        ("again.off", choices.Choice(True, frozenset({"again"}))),
        ("again.for_you", choices.Choice(False, frozenset({"again", "for_you"}))),
        ("OFF", choices.Choice()),
        ("a" * 400, choices.Choice()),
        (".".join("a" * 30), choices.Choice()),
        ("off;x", choices.Choice()),
    ],
)
def test_what_the_cookie_of_choices_says(sent: str, expected: choices.Choice) -> None:
    request: Any = SimpleNamespace(cookies={choices.COOKIE: sent})
    assert choices.choice_here(request) == expected


def test_a_key_says_who_it_was() -> None:
    assert owner_in(key_of(7, None)) == (7, None)
    assert owner_in(key_of(None, b"\x00\xff")) == (None, b"\x00\xff")
    assert owner_in(NOBODY) == (None, None)
