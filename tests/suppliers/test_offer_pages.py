"""/supplier/offers: a supplier sees what is on sale of his, and changes one offer by hand until his next feed."""

import asyncio
from typing import Any

import pytest

from app.infra.database import execute, fetch, fetch_one
from app.suppliers import reading
from tests.suppliers.line import offers, row, send, send_and_take, take_all
from tests.suppliers.test_picture_pages import at_the_desk
from tests.world import World

PLACE = "/supplier/offers"


async def stock(offer: int) -> dict[str, tuple[int, int]]:
    rows = await fetch(
        """SELECT w.code, s.on_hand, s.reserved FROM stock s JOIN warehouse w ON w.id = s.warehouse
           WHERE s.offer = $1 ORDER BY w.code""",
        offer,
    )
    return {row["code"]: (row["on_hand"], row["reserved"]) for row in rows}


async def price(offer: int) -> Any:
    row = await fetch_one("SELECT price_minor, list_price_minor FROM offer WHERE id = $1", offer)
    return tuple(row or ())


def form(price: str = "48.90", lis: str = "5", opo: str = "0", seen: str = "5", **more: str) -> dict[str, str]:
    return {"price": price, "pieces-LIS": lis, "seen-LIS": seen, "pieces-OPO": opo, "seen-OPO": "0", **more}


async def test_a_new_price_and_new_pieces_count_at_once_and_are_told(world: World, client: Any) -> None:
    await at_the_desk(world, client)
    lamp = await world.product(list_price_minor=6000)
    await execute("DELETE FROM outbox")
    answer = await client.post(f"{PLACE}/{lamp.offer}", data=form("45,00 €", lis="7", opo="2"))
    assert answer.status_code == 200 and "is saved" in answer.text
    assert await price(lamp.offer) == (4500, 6000) and await stock(lamp.offer) == {"LIS": (7, 0), "OPO": (2, 0)}
    assert [event["topic"] for event in await fetch("SELECT topic FROM outbox")] == ["products"]
    moved = await fetch("SELECT kind, before, after FROM stock_movement ORDER BY id DESC LIMIT 1")
    assert [tuple(each) for each in moved] == [("counted", 5, 7)]
    assert "45.00" in (await client.get(f"/p/{lamp.slug}")).text


async def test_a_list_price_that_is_not_higher_any_more_goes(world: World, client: Any) -> None:
    await at_the_desk(world, client)
    lamp = await world.product(list_price_minor=6000)
    await client.post(f"{PLACE}/{lamp.offer}", data=form("60"))
    assert await price(lamp.offer) == (6000, None)


async def test_a_price_far_from_the_one_before_has_to_be_meant(world: World, client: Any) -> None:
    await at_the_desk(world, client)
    lamp = await world.product()
    for typed, said in (("4.89", "That is 10% of the €48.90"), ("489", "That is 10.0 times the €48.90")):
        answer = await client.post(f"{PLACE}/{lamp.offer}", data=form(typed, lis="9"))
        assert answer.status_code == 422 and said in answer.text and f'name="meant" value="{typed}"' in answer.text
        assert 'value="9"' in answer.text, "what was typed is not lost"
    assert await price(lamp.offer) == (4890, None) and await stock(lamp.offer) == {"LIS": (5, 0)}
    await client.post(f"{PLACE}/{lamp.offer}", data=form("489", meant="4.89"))
    assert await price(lamp.offer) == (4890, None)
    await client.post(f"{PLACE}/{lamp.offer}", data=form("489", meant="489"))
    assert await price(lamp.offer) == (48900, None)


async def test_pieces_that_were_sold_meanwhile_are_not_brought_back(world: World, client: Any) -> None:
    await at_the_desk(world, client)
    lamp = await world.product()
    await execute("UPDATE stock SET on_hand = 4 WHERE offer = $1", lamp.offer)
    answer = await client.post(f"{PLACE}/{lamp.offer}", data=form("50.00", lis="10"))
    assert answer.status_code == 409 and "Pieces were sold" in answer.text
    assert await stock(lamp.offer) == {"LIS": (4, 0)} and await price(lamp.offer) == (4890, None)
    assert 'name="seen-LIS" value="4"' in answer.text and 'value="50.00"' in answer.text


async def test_pieces_that_orders_hold_stay(world: World, client: Any) -> None:
    await at_the_desk(world, client)
    lamp = await world.product()
    await execute("UPDATE stock SET reserved = 2 WHERE offer = $1", lamp.offer)
    answer = await client.post(f"{PLACE}/{lamp.offer}", data=form(lis="1"))
    assert answer.status_code == 422 and "enter at least 2" in answer.text
    await client.post(f"{PLACE}/{lamp.offer}", data=form(lis="2"))
    assert await stock(lamp.offer) == {"LIS": (2, 2)}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"price": ""}, "Enter a price"),
        ({"price": "free"}, "not a number"),
        ({"price": "-4"}, ""),
        ({"price": "1.234"}, "Write 1234.00 for the whole number"),
        ({"price": "40 USD"}, "The shop takes no prices in USD"),
        ({"price": "9" * 30}, ""),
        ({"pieces-LIS": "-1"}, "Enter a whole number"),
        ({"pieces-LIS": "many"}, "Enter a whole number"),
        ({"pieces-LIS": "1000001"}, "Enter a whole number"),
        ({"pieces-LIS": "9" * 40}, "Enter a whole number"),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field(
    world: World, client: Any, wrong: dict[str, str], said: str
) -> None:
    await at_the_desk(world, client)
    lamp = await world.product()
    answer = await client.post(f"{PLACE}/{lamp.offer}", data={**form(), **wrong})
    assert answer.status_code == 422 and said in answer.text and f'id="{next(iter(wrong))}-error"' in answer.text
    assert await price(lamp.offer) == (4890, None) and await stock(lamp.offer) == {"LIS": (5, 0)}


async def test_off_sale_is_off_every_page_until_it_is_put_back(world: World, client: Any) -> None:
    await at_the_desk(world, client)
    lamp = await world.product()
    await execute("UPDATE stock SET reserved = 1 WHERE offer = $1", lamp.offer)
    answer = await client.post(f"{PLACE}/{lamp.offer}/removal")
    assert "is off sale" in answer.text and await stock(lamp.offer) == {"LIS": (1, 1)}
    assert await fetch("SELECT id FROM offer WHERE withdrawn_at IS NOT NULL")
    await client.post(f"{PLACE}/{lamp.offer}", data=form(lis="3", seen="1"))
    assert await stock(lamp.offer) == {"LIS": (3, 1)}
    assert await fetch("SELECT id FROM offer WHERE withdrawn_at IS NULL")


async def test_the_next_feed_says_what_holds_even_if_it_is_the_same_as_before(world: World, client: Any) -> None:
    supplier = await at_the_desk(world, client)
    feed = [row("L1", price="20.00", stock=5)]
    await send_and_take(supplier, feed)
    (offer,) = [each["id"] for each in await fetch("SELECT id FROM offer")]
    await client.post(f"{PLACE}/{offer}", data=form("21.00", lis="8"))
    assert (await offers(supplier))["L1"]["price_minor"] == 2100 and (await stock(offer))["LIS"] == (8, 0)
    again = await send_and_take(supplier, feed)
    assert (again.state, again.applied) == ("finished", 1)
    assert (await offers(supplier))["L1"]["price_minor"] == 2000 and (await stock(offer))["LIS"] == (5, 0)


async def test_a_feed_that_was_sent_before_the_change_has_no_say_in_it(world: World, client: Any) -> None:
    supplier = await at_the_desk(world, client)
    await send_and_take(supplier, [row("L1", price="20.00", stock=5)])
    (offer,) = [each["id"] for each in await fetch("SELECT id FROM offer")]
    older = await send(supplier, [row("L1", price="19.00", stock=6)])
    await reading.read_feed(older)
    await client.post(f"{PLACE}/{offer}", data=form("21.00", lis="8"))
    await take_all()
    assert (await offers(supplier))["L1"]["price_minor"] == 2100 and (await stock(offer))["LIS"] == (8, 0)


async def test_selling_and_counting_at_once_never_loses_a_piece(world: World, client: Any) -> None:
    await at_the_desk(world, client)
    lamp = await world.product(stock={"LIS": 5})

    async def buy() -> bool:
        row = await fetch_one(
            "UPDATE stock SET on_hand = on_hand - 1 WHERE offer = $1 AND on_hand > reserved RETURNING id", lamp.offer
        )
        return row is not None

    answers = await asyncio.gather(
        *(client.post(f"{PLACE}/{lamp.offer}", data=form(lis="9"), follow_redirects=False) for _ in range(3)),
        *(buy() for _ in range(3)),
    )
    saved, sold = sum(answer.status_code == 303 for answer in answers[:3]), sum(map(bool, answers[3:]))
    ((left, _), *_) = (await stock(lamp.offer)).values()
    assert saved <= 1 and left == (9 if saved else 5) - sold


async def test_offers_are_found_by_sku_name_gtin_and_state(world: World, client: Any) -> None:
    await at_the_desk(world, client)
    lamp = await world.product(gtin="4006381333931")
    await world.product("Cork 50% stool", stock={"LIS": 0})
    other = await world.product("Pot", supplier="Casa Pratas")
    await client.post(f"{PLACE}/{lamp.offer}/removal")

    async def found(**asked: str) -> set[str]:
        text = (await client.get(PLACE, params=asked)).text
        return {name for name in ("Alcova desk lamp", "Cork 50% stool", "Pot") if f">{name}</a>" in text}

    assert await found() == {"Alcova desk lamp", "Cork 50% stool"}
    assert await found(words="50%") == await found(words="cork") == {"Cork 50% stool"}
    assert await found(words="%") == {"Cork 50% stool"} and await found(words="_") == set()
    assert await found(words="4006381333931") == await found(state="off") == {"Alcova desk lamp"}
    assert await found(state="out") == {"Cork 50% stool"} and await found(state="sale") == set()
    assert "No offer is like that" in (await client.get(PLACE, params={"words": "\x00<b>" + "x" * 300})).text
    assert (await client.get(f"{PLACE}/{other.offer}")).status_code == 404


async def test_long_lists_come_in_pages_in_the_order_of_skus(world: World, client: Any) -> None:
    supplier = await at_the_desk(world, client)
    await send_and_take(supplier, [row(f"S{number:03}", title=f"Lamp {number:03}") for number in range(120)])
    seen, address = list[str](), PLACE
    for _ in range(5):
        text = (await client.get(address)).text
        seen += [part.partition("<")[0] for part in text.split("<code>")[1:]]
        if 'rel="next"' not in text:
            break
        address = text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert seen == [f"S{number:03}" for number in range(120)]


async def test_a_new_offer_is_judged_like_a_row_of_a_feed(world: World, client: Any) -> None:
    supplier = await at_the_desk(world, client)
    new = {"sku": "N-1", "title": "Alcova desk lamp", "price": "48.90", "stock": "4", "category": "lighting/desk-lamps"}
    wrong = await client.post(f"{PLACE}/new", data={**new, "price": "none", "gtin": "123"})
    assert wrong.status_code == 422 and 'id="price-error"' in wrong.text and 'value="Alcova desk lamp"' in wrong.text
    assert "Enter how many pieces" in (await client.post(f"{PLACE}/new", data={**new, "stock": ""})).text
    assert "goes on sale" in (await client.post(f"{PLACE}/new", data=new)).text
    await take_all()
    found = (await offers(supplier))["N-1"]
    assert found["price_minor"] == 4890 and (await stock(found["id"]))["LIS"] == (4, 0)
    again = await client.post(f"{PLACE}/new", data=new)
    assert again.status_code == 422 and f'href="{PLACE}/{found["id"]}"' in again.text


async def test_a_suspended_supplier_changes_nothing(world: World, client: Any) -> None:
    supplier = await at_the_desk(world, client)
    lamp = await world.product()
    await execute("UPDATE supplier SET state = 'suspended' WHERE id = $1", supplier)
    assert "is suspended" in (await client.get(PLACE)).text
    for address, sent in ((f"{PLACE}/{lamp.offer}", form("50")), (f"{PLACE}/{lamp.offer}/removal", {})):
        assert (await client.post(address, data=sent)).status_code == 403
    new = {"sku": "N-1", "title": "Lamp", "price": "48.90", "stock": "4"}
    assert (await client.post(f"{PLACE}/new", data=new)).status_code == 403
    assert await price(lamp.offer) == (4890, None) and not await fetch("SELECT id FROM feed")
