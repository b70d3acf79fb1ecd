"""Operators say which categories there are, and by which words goods are recognised as theirs."""

import asyncio
from typing import Any

import pytest

from app.catalog import navigation, tree
from app.catalog.arranging import arranged
from app.infra.database import execute, fetch, fetch_one
from tests.accounts.people import Client
from tests.admin.delivering import fields_in
from tests.suppliers.line import row, send_and_take
from tests.world import World

PLACE = "/admin/categories"


def form(**more: str) -> dict[str, str]:
    return {
        "name": "Laptops",
        "parent": "lighting",
        "words": "laptop, Portátil,\nnotebook computer",
        "picture": "parcel-",
        **more,
    }


async def number_of(path: str) -> int:
    return next(each.id for each in await arranged() if each.path == path)


async def category_of(name: str) -> str:
    found = await fetch_one("SELECT c.path FROM product p JOIN category c ON c.id = p.category WHERE p.name = $1", name)
    assert found is not None
    return str(found["path"])


async def test_goods_go_into_a_new_category_by_its_words_when_the_same_feed_comes_again(
    desk: Client, world: World
) -> None:
    supplier = await world.supplier()
    feed = [row("P1", "Portátil Castelo 14", category="Informática"), row("P2", "Alcova desk lamp")]
    await send_and_take(supplier, feed)
    assert await category_of("Portátil Castelo 14") == "other/other-goods"
    answer = await desk.post(PLACE, data=form(name="Computers", parent="", words=""), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, PLACE)
    await desk.post(PLACE, data=form(parent="computers"))
    await send_and_take(supplier, feed)
    assert await category_of("Portátil Castelo 14") == "computers/laptops"
    assert await category_of("Alcova desk lamp") == "lighting/desk-lamps"
    assert (await send_and_take(supplier, feed)).state == "unchanged"
    navigation.forget()
    assert [each.name for each in await navigation.categories() if each.has_goods][-2:] == ["Computers", "Laptops"]


async def test_departments_stand_in_order_with_theirs_behind_them_and_the_last_resort_at_the_end(desk: Client) -> None:
    await desk.post(PLACE, data=form(name="Computers", parent="", words=""))
    await desk.post(PLACE, data=form(parent="computers"))
    await desk.post(PLACE, data=form(name="Spotlights", words="spotlight"))
    assert [each.path for each in await arranged()] == [
        "lighting", "lighting/desk-lamps", "lighting/table-lamps", "lighting/spotlights", "mugs-and-cups",
        "mugs-and-cups/mugs", "computers", "computers/laptops", "other", "other/other-goods",
    ]  # fmt: skip


async def put(desk: Client, path: str, behind: str) -> Any:
    return await desk.post(f"{PLACE}/{await number_of(path)}/place", data={"behind": behind})


async def test_a_department_moves_with_all_that_is_in_it_and_stands_so_on_every_page(
    desk: Client, world: World
) -> None:
    for category in ("lighting/desk-lamps", "mugs-and-cups/mugs"):
        await world.product(category=category)
    assert "Lighting has its new place." in (await put(desk, "lighting", "mugs-and-cups")).text
    assert [each.path for each in await navigation.categories()] == [
        "mugs-and-cups", "mugs-and-cups/mugs", "lighting", "lighting/desk-lamps", "lighting/table-lamps",
        "other", "other/other-goods",
    ]  # fmt: skip
    page = (await desk.get("/help")).text
    assert 0 < page.index('href="/c/mugs-and-cups"') < page.index('href="/c/lighting"')
    await desk.post(PLACE, data=form(name="Computers", parent="", words=""))
    await desk.post(PLACE, data=form(name="Spotlights", words="spotlight"))
    assert [each.path for each in await arranged()][4:] == [
        "lighting/table-lamps", "lighting/spotlights", "computers", "other", "other/other-goods"
    ]  # fmt: skip


async def test_goods_of_which_only_the_department_is_known_go_into_what_was_made_its_first_category(
    desk: Client, world: World
) -> None:
    page = (await desk.get(f"{PLACE}/{await number_of('lighting/table-lamps')}")).text
    assert fields_in(page)["behind"] == "lighting/desk-lamps"
    await put(desk, "lighting/table-lamps", "")
    await send_and_take(await world.supplier(), [row("P1", "Castelo", category="Lighting")])
    assert await category_of("Castelo") == "lighting/table-lamps"


@pytest.mark.parametrize("behind", ["lighting/desk-lamps", "lighting", "mugs-and-cups/mugs", "<b>"])
async def test_a_category_stands_behind_another_one_of_its_department_only(desk: Client, behind: str) -> None:
    before = await arranged()
    answer = await put(desk, "lighting/desk-lamps", behind)
    assert answer.status_code == 422 and "Choose another one of the list" in answer.text
    assert await arranged() == before


async def test_another_name_is_told_of_all_products_below_and_the_address_stays(desk: Client, world: World) -> None:
    lamp = await world.product("Lamp", category="lighting/desk-lamps")
    await world.product("Mug", category="mugs-and-cups/mugs")
    department = await number_of("lighting")
    page = (await desk.get(f"{PLACE}/{department}")).text
    answer = await desk.post(f"{PLACE}/{department}", data={**fields_in(page), "name": "Lamps & lights"})
    assert "Lamps &amp; lights is saved." in answer.text
    assert (await desk.get("/c/lighting")).text.count("Lamps &amp; lights") > 0
    told = await fetch("SELECT payload FROM outbox WHERE topic = 'products-bulk'")
    assert [each["payload"] for each in told] == [f'{{"products": [{lamp.product}]}}']


async def test_saving_what_a_form_shows_changes_nothing_and_tells_nobody(desk: Client, world: World) -> None:
    await world.product("Lamp", category="lighting/desk-lamps")
    before = await tree.taxonomy()
    number = await number_of("lighting/desk-lamps")
    await desk.post(f"{PLACE}/{number}", data=fields_in((await desk.get(f"{PLACE}/{number}")).text))
    assert (await tree.taxonomy()).all == before.all
    assert not await fetch("SELECT FROM outbox WHERE topic = 'products-bulk'")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Enter a name, such as Desk lamps"),
        ({"name": "灯"}, "A name needs a letter from a to z"),
        ({"name": "x" * 61}, "60 characters"),
        ({"name": "ﬃ" * 60}, "Choose a shorter name: its address would be too long"),  # a letter there, three in it
        ({"name": "DESK  lamp"}, "Desk lamps is another one there"),
        ({"name": "Desk lamps"}, "Lighting &gt; Desk lamps has this name, or had it"),
        ({"parent": "nothing"}, "Choose a department of the list"),
        ({"parent": "lighting/desk-lamps"}, "Choose a department of the list"),
        ({"picture": "castle-"}, "Choose a picture of the list"),
        ({"words": "Reading-lamps, laptop"}, "“Reading-lamps” leads to Desk lamps"),
        ({"words": "a b c d e f"}, "has more than 5 words"),
        ({"words": "ноутбук"}, "has no letter from a to z"),
        ({"words": ", ".join(f"word{n}" for n in range(201))}, "at most 200 phrases"),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    desk: Client, wrong: dict[str, str], said: str
) -> None:
    answer = await desk.post(PLACE, data=form(**wrong))
    assert answer.status_code == 422
    assert said in answer.text
    assert fields_in(answer.text)["words"].split() == form(**wrong)["words"].split()
    assert len(await arranged()) == 7


async def test_what_is_empty_goes_and_its_suppliers_have_no_usual_category(desk: Client, world: World) -> None:
    supplier = await world.supplier()
    await desk.post(PLACE, data=form())
    await execute("UPDATE supplier SET default_category = 'lighting/laptops' WHERE id = $1", supplier)
    number = await number_of("lighting/laptops")
    assert "Laptops is removed." in (await desk.post(f"{PLACE}/{number}/removal")).text
    assert "It was removed already." in (await desk.post(f"{PLACE}/{number}/removal")).text
    assert (await desk.get(f"{PLACE}/{number}")).status_code == 404
    assert await fetch("SELECT FROM supplier WHERE default_category IS NOT NULL") == []
    await tree.bring_in()
    assert "lighting/laptops" not in (await tree.taxonomy()).paths


async def test_what_is_needed_stays(desk: Client, world: World) -> None:
    await world.product("Mug", category="mugs-and-cups/mugs")
    for path, reason in {
        "mugs-and-cups/mugs": "has products",
        "lighting": "has categories in it",
        "other/other-goods": "goods of which nothing is known",
        "other": "goods of which nothing is known",
    }.items():
        assert reason in (await desk.post(f"{PLACE}/{await number_of(path)}/removal")).text
    assert len(await arranged()) == 7


async def test_a_migration_brings_no_category_back_and_no_words(desk: Client) -> None:
    number = await number_of("lighting/desk-lamps")
    await desk.post(f"{PLACE}/{number}", data={"name": "Study lamps", "words": "", "picture": "lamp-task"})
    await desk.post(f"{PLACE}/{await number_of('mugs-and-cups/mugs')}/removal")
    before = (await tree.taxonomy()).all
    await tree.bring_in()
    assert (await tree.taxonomy()).all == before


async def test_of_one_form_sent_at_the_same_moment_one_counts(desk: Client) -> None:
    answers = await asyncio.gather(*(desk.post(PLACE, data=form(), follow_redirects=False) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422, 422]


async def join(desk: Client, path: str, to: str) -> Any:
    return await desk.post(f"{PLACE}/{await number_of(path)}/joining", data={"to": to})


async def test_all_of_a_category_goes_into_another_one_and_everything_leads_there(desk: Client, world: World) -> None:
    supplier = await world.supplier()
    await desk.post(PLACE, data=form(name="Lava lamps", words="lava lamp"))
    by_path = row("R1", "Alcova", category="lighting/lava-lamps")
    await send_and_take(supplier, [by_path, row("R2", "Poeta lava lamp", category="?")])
    await execute("UPDATE supplier SET default_category = 'lighting/lava-lamps'")
    await execute("DELETE FROM outbox")
    said = (await join(desk, "lighting/lava-lamps", "lighting/desk-lamps")).text
    assert "Lava lamps is a part of Desk lamps now, with 2 products" in said
    assert {await category_of(name) for name in ("Alcova", "Poeta lava lamp")} == {"lighting/desk-lamps"}
    assert [event["topic"] for event in await fetch("SELECT topic FROM outbox")] == ["products-bulk"]
    assert [each["default_category"] for each in await fetch("SELECT DISTINCT default_category FROM supplier")] == [
        "lighting/desk-lamps"
    ]
    moved = await desk.get("/c/lighting/lava-lamps?q=lamp", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (301, "/c/lighting/desk-lamps?q=lamp")
    for feed in (
        [{**by_path, "sku": "R3", "title": "Claustro"}],
        [row("R4", "Marginal", category="Lava lamps")],
        [row("R5", "Lousa lava lamp", category="?")],
    ):
        await send_and_take(supplier, feed, mode="delta")
    assert {await category_of(name) for name in ("Claustro", "Marginal", "Lousa lava lamp")} == {"lighting/desk-lamps"}


async def test_what_was_joined_stays_found_when_its_new_place_is_joined_too_and_until_its_path_is_taken_again(
    desk: Client,
) -> None:
    for name in ("Lava lamps", "Disco lamps"):
        await desk.post(PLACE, data=form(name=name, words=name))
    await join(desk, "lighting/lava-lamps", "lighting/disco-lamps")
    await join(desk, "lighting/disco-lamps", "lighting/desk-lamps")
    known = await tree.taxonomy()
    assert {known.guess(path) for path in ("lighting/lava-lamps", "lighting/disco-lamps")} == {"lighting/desk-lamps"}
    await execute("UPDATE category SET words = '{}' WHERE path = 'lighting/desk-lamps'")
    await desk.post(PLACE, data=form(name="Lava lamps", words=""))
    assert (await tree.taxonomy()).guess("lighting/lava-lamps") == "lighting/lava-lamps"
    assert (await desk.get("/c/lighting/lava-lamps", follow_redirects=False)).status_code == 200


@pytest.mark.parametrize(
    ("path", "to", "said"),
    [
        ("lighting/desk-lamps", "", "Choose another category"),
        ("lighting/desk-lamps", "lighting/desk-lamps", "Choose another category"),
        ("lighting/desk-lamps", "lighting", "Choose another category"),
        ("lighting/desk-lamps", "<b>", "Choose another category"),
        ("lighting", "mugs-and-cups/mugs", "cannot be joined"),
        ("other/other-goods", "lighting/desk-lamps", "cannot be joined"),
    ],
)
async def test_what_cannot_be_joined_is_said(desk: Client, path: str, to: str, said: str) -> None:
    before = await arranged()
    answer = await join(desk, path, to)
    assert answer.status_code == 422 and said in answer.text
    assert await arranged() == before


async def rate_of(path: str, percent: int, country: str = "PT") -> None:
    await execute(
        """INSERT INTO tax_rate (category, country, percent, valid_from, set_at)
           SELECT id, $3, $2, '2026-01-01', now() FROM category WHERE path = $1""",
        path,
        percent,
        country,
    )


async def test_a_rate_of_vat_of_its_own_is_said_before_it_goes_and_goods_have_that_of_the_other_one(
    desk: Client, world: World
) -> None:
    lamp = await world.product("Lamp", category="lighting/desk-lamps")
    await rate_of("lighting/desk-lamps", 6)
    await rate_of("mugs-and-cups", 13)
    number = await number_of("lighting/desk-lamps")
    page = (await desk.get(f"{PLACE}/{number}")).text
    assert "6 % in Portugal from Thursday 1 January 2026. Orders keep the rate" in page
    read = {**fields_in(page), "to": "mugs-and-cups/mugs"}
    await rate_of("lighting/desk-lamps", 10, "ES")
    refused = await desk.post(f"{PLACE}/{number}/joining", data=read)
    assert "other rates of VAT of its own than you have read" in refused.text and "10 % in Spain" in refused.text
    read = {**fields_in(refused.text), "to": "mugs-and-cups/mugs"}
    assert "is a part of Mugs now" in (await desk.post(f"{PLACE}/{number}/joining", data=read)).text
    (row,) = await fetch(
        "SELECT vat_percent(category, 'PT', '2026-02-01') AS percent FROM product WHERE id = $1", lamp.product
    )
    assert row["percent"] == 13


async def test_an_empty_category_goes_with_its_rate_of_vat(desk: Client) -> None:
    await rate_of("lighting/table-lamps", 6)
    number = await number_of("lighting/table-lamps")
    assert "other rates of VAT" in (await desk.post(f"{PLACE}/{number}/removal", data={"rates": ""})).text
    read = fields_in((await desk.get(f"{PLACE}/{number}")).text)
    assert "Table lamps is removed." in (await desk.post(f"{PLACE}/{number}/removal", data=read)).text
    assert not await fetch("SELECT FROM tax_rate")
