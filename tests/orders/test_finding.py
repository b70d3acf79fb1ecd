"""A shopper finds orders by words, state and year, however many there are; a guest by number and e-mail."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from app.accounts.owners import Owner
from app.infra.database import execute, fetch, fetch_one
from app.infra.settings import settings
from app.orders import guests, listing
from app.orders.listing import PAGE, Asked, orders_of
from app.web.visitors import hash_token
from tests.accounts.people import person, sign_in
from tests.checkout.shopping import ADDRESS, chosen, fill_cart, hidden
from tests.orders.wanting import guest, pending
from tests.world import World

MINE = guest("Marta")
ORDERS, OF_ONE = 20_000, 2_000


async def numbers(asked: Asked, owner: Owner = MINE) -> list[str]:
    return [order.number for order in (await orders_of(owner, asked)).orders]


async def test_words_find_orders_by_product_and_number_with_or_without_accents(world: World) -> None:
    cup = await pending(world, await world.product("Chávena de chá", note="Grés azul"))
    lamp = await pending(world, await world.product("Alcova desk lamp"))
    await pending(world, await world.product("Chá preto"), owner=guest("another"))
    for words, found in {
        "chavena": [cup],
        "CHÁ": [cup],
        "gres az": [cup],
        "lamp desk": [lamp],
        lamp.number: [lamp],
        cup.number[7:].lower(): [cup],
        "teapot": [],
        "lamp chá": [],
    }.items():
        assert await numbers(Asked(words=words)) == [order.number for order in found], words


@pytest.mark.parametrize("words", ["'", "a' | 'b", "!", ":*", "& |", "\\", "@v", "x" * 5000, "🪔", "%", "--"])
async def test_words_of_any_kind_are_only_words(world: World, words: str) -> None:
    await pending(world, await world.product(), owner=guest("another"))
    assert await numbers(Asked(words=words)) == []


async def test_orders_are_found_by_the_year_of_the_shop_s_own_clock(world: World) -> None:
    lamp = await world.product(stock={"LIS": 9})
    orders = [await pending(world, lamp) for _ in range(3)]
    for order, at in zip(orders, ("2024-06-01", "2025-12-31 23:59", "2026-01-01 00:00"), strict=True):
        await execute("UPDATE shop_order SET placed_at = $2 WHERE id = $1", order.id, _at(at))
    assert await numbers(Asked()) == [order.number for order in reversed(orders)]
    assert await numbers(Asked(year=2025)) == [orders[1].number]
    found = await orders_of(MINE, Asked(year=2026))
    assert found.years == (2026, 2025, 2024)
    assert await numbers(Asked(year=1999)) == []


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)  # in winter Lisboa is at UTC


async def test_signing_in_takes_the_words_of_orders_along(client: Any, world: World) -> None:
    order = await pending(world, await world.product(), owner=Owner(None, hash_token("mine")))
    client.cookies.set("feira_visitor", "mine")
    account = await person()
    await sign_in(client)
    assert await numbers(Asked(words="lamp"), Owner(account, None)) == [order.number]
    assert await numbers(Asked(words="lamp"), Owner(None, hash_token("mine"))) == []


async def test_the_page_keeps_what_was_asked_in_its_links(client: Any, world: World) -> None:
    lamp = await world.product(stock={"LIS": 99})
    for _ in range(PAGE + 1):
        await pending(world, lamp, owner=Owner(None, hash_token("mine")))
    client.cookies.set("feira_visitor", "mine")
    page = (await client.get("/orders?words=teapot%20%22%3Cb%3E")).text  # numbers have no vowels: none begins so
    assert "None of your orders" in page and "&lt;b&gt;" in page
    page = (await client.get("/orders?words=desk+lamp&year=0&show=nonsense")).text
    assert "words=desk%20lamp&amp;before=F-" in page or "words=desk%20lamp&before=F-" in page
    for query in ("year=x", "year=99999999999999999999", "year=-1", "year=9999", "words=%00", "before=%00&year=2026"):
        assert (await client.get(f"/orders?{query}")).status_code == 200


async def many(world: World) -> int:
    """ORDERS orders of many accounts over ten years, OF_ONE of them of one account, whose id this is."""
    lamp = await world.product(stock={"LIS": 5})
    await pending(world, lamp)
    await execute(
        """INSERT INTO account (email, password_hash, name, role, created_at)
           SELECT 'a' || n || '@x.pt', '', 'A', 'shopper', now() FROM generate_series(1, $1::int) n""",
        ORDERS // 20,
    )
    row = await fetch_one("SELECT min(id) AS first, max(id) AS last FROM account")
    assert row
    for start in range(0, ORDERS, 50_000):
        await execute(
            """WITH made AS (
                 SELECT n, 'G' || n AS number, gen_random_uuid() AS checkout_key,
                        new_order_id(now() - n * interval '10 years' / $5::int) AS "order",
                        (ARRAY['desk lamp', 'mug', 'chair', 'wool throw'])[1 + n % 4] AS thing,
                        CASE WHEN n % ($5::int / $6::int) = 0 THEN $3::bigint
                             ELSE $3::bigint + 1 + n % ($4::bigint - $3::bigint) END AS id
                 FROM generate_series($1::int, $2::int) n),
               keys AS (INSERT INTO order_key SELECT "order", number, checkout_key FROM made)
               INSERT INTO shop_order (id, number, account, state, email, name, phone, line1, line2, postcode, place,
                 currency, items_minor, delivery_minor, total_minor, vat_minor, checkout_key, request_hash,
                 reserved_until, placed_at, words)
               SELECT "order", number, id,
                 (ARRAY['paid', 'delivered', 'delivered', 'delivered', 'cancelled'])[1 + n % 5],
                 '', '', '', '', '', '', '', 'EUR', 1, 0, 1, 0, checkout_key, '', now(),
                 now() - n * interval '10 years' / $5::int, order_words(id, NULL, thing || ' G' || n)
               FROM made""",
            start + 1,
            min(start + 50_000, ORDERS),
            row["first"],
            row["last"],
            ORDERS,
            OF_ONE,
        )
    await execute(
        """INSERT INTO parcel (id, "order", number, supplier, warehouse, service_level, delivery_minor, promised_on,
                               state)
           SELECT new_parcel_id(o.id), o.id, 1, p.supplier, p.warehouse, 'standard', 0, '2026-01-01', 'delivered'
           FROM shop_order o, (SELECT * FROM parcel LIMIT 1) p WHERE o.account = $1""",
        row["first"],
    )
    await execute(
        """INSERT INTO order_line (parcel, offer, product_slug, sku, name, note, options, image, quantity,
             unit_price_minor, vat_percent)
           SELECT p.id, l.offer, 'x', 'x', 'Desk lamp', '', '{}', '', 1, 1, 23
           FROM parcel p JOIN shop_order o ON o.id = p."order", (SELECT * FROM order_line LIMIT 1) l
           WHERE o.account = $1""",
        row["first"],
    )
    for table in ("shop_order", "parcel", "order_line"):
        await execute(f"VACUUM ANALYZE {table}")
    return int(row["first"])


def _rows_read(plan: dict[str, Any]) -> int:
    own = 0
    if "Relation Name" in plan:
        own = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    return int(own) + sum(_rows_read(each) for each in plan.get("Plans", []))


@pytest.mark.slow
async def test_a_page_reads_what_it_shows_however_many_orders_there_are(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = Owner(await many(world), None)
    every = (await orders_of(owner)).orders
    assert len(every) == PAGE
    deep = await fetch(
        "SELECT number FROM shop_order WHERE account = $1 ORDER BY placed_at DESC OFFSET $2 LIMIT 1",
        owner.account,
        OF_ONE * 9 // 10,
    )
    asked = {
        "newest": Asked(),
        "deep": Asked(before=deep[0]["number"]),
        "state": Asked("closed"),
        "year": Asked(year=datetime.now(UTC).year - 5),
        "words": Asked(words="chair"),
        "number": Asked(words=every[3].number),
    }
    plans: list[dict[str, Any]] = []

    async def explained(sql: str, *arguments: Any) -> Any:
        if "WITH last" in sql:
            rows = await fetch(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", *arguments)
            plans.append(json.loads(rows[0][0])[0])
        return await fetch(sql, *arguments)

    monkeypatch.setattr(listing, "fetch", explained)
    monkeypatch.setattr(listing, "number_of", str)  # these numbers have a shape of their own
    for name, each in asked.items():
        await orders_of(owner, each)
        plan = plans.pop()
        if name != "words":  # as many as there are with the word
            assert _rows_read(plan["Plan"]) < 40 * PAGE, name


async def test_a_guest_opens_an_order_by_number_and_e_mail(client: Any, world: World) -> None:
    order = await pending(world, await world.product())
    answer = await client.post(
        "/orders/access", data={"number": f" {order.number.lower()} ", "email": "MARTA@feira.example"}
    )
    assert answer.url.path == f"/orders/{order.number}" and answer.status_code == 200
    assert (await client.get(f"/orders/{order.number}")).status_code == 200
    client.cookies.clear()
    assert (await client.get(f"/orders/{order.number}")).status_code == 404


async def test_an_address_is_the_same_however_it_is_written_and_one_without_mail_is_none(
    client: Any, world: World
) -> None:
    await fill_cart(client, await world.product())
    refused = await client.post("/checkout/address", data={**ADDRESS, "email": "josé@exemplo.pt"})
    assert refused.status_code == 422 and "Enter an e-mail address such as" in refused.text
    await client.post("/checkout/address", data={**ADDRESS, "email": "Rui@exâmplo.pt"})
    await client.post(
        "/orders",
        data=hidden(await client.post("/checkout/delivery", data=chosen(await client.get("/checkout/delivery")))),
    )
    order = await fetch_one("SELECT number FROM shop_order")
    assert order
    for written in ("rui@exâmplo.pt", "RUI@EXÂMPLO.PT", "rui@xn--exmplo-xta.pt"):
        client.cookies.clear()
        answer = await client.post("/orders/access", data={"number": order["number"], "email": written})
        assert answer.status_code == 200 and answer.url.path == f"/orders/{order['number']}"


async def test_the_answer_does_not_say_whether_a_number_exists(client: Any, world: World) -> None:
    lamp = await world.product()
    of_guest = await pending(world, lamp)
    of_account = await pending(world, lamp, owner=Owner(await person("marta@feira.example"), None))
    texts = set()
    for number, email in (
        ("F-2611-AAAAA", "marta@feira.example"),
        (of_guest.number, "other@feira.example"),
        (of_account.number, "marta@feira.example"),
        ("'; --", "x" * 250),
    ):
        answer = await client.post("/orders/access", data={"number": number, "email": email})
        assert answer.status_code == 422
        texts.add(answer.text.replace(number, "").replace("&#39;; --", "").replace(email, ""))
    assert len(texts) == 1


async def test_guessing_is_slowed_down_for_a_sender_and_for_a_number(client: Any, world: World) -> None:
    order = await pending(world, await world.product())
    for n in range(8):
        assert not await guests.open_as_guest(order.number, "wrong@x.pt", f"10.0.0.{n}")
    with pytest.raises(guests.TooManyTries):
        await guests.open_as_guest(order.number, "marta@feira.example", "10.0.0.99")
    for n in range(10):
        await guests.open_as_guest(f"F-2611-{n}", "wrong@x.pt", "10.1.1.1")
    with pytest.raises(guests.TooManyTries) as paused:
        await guests.open_as_guest("F-2611-BBBBB", "wrong@x.pt", "10.1.1.1")
    assert paused.value.minutes >= 1
    for _ in range(12):
        answer = await client.post("/orders/access", data={"number": "F-2611-CCCCC", "email": "a@b.pt"})
    assert answer.status_code == 429 and "Too many tries" in answer.text


async def test_behind_a_proxy_every_sender_counts_alone(
    client: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "trusted_proxies", "127.0.0.1")
    for n in range(11):
        sender = {"x-forwarded-for": f"198.51.100.{n}"}
        typed = {"number": f"F-2611-{n}", "email": "a@b.pt"}
        assert (await client.post("/orders/access", data=typed, headers=sender)).status_code == 422
