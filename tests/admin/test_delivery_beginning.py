"""A shop that has no warehouse and no zone begins: operators add them, and from then on things can be sent."""

import pytest

from app.delivery.estimate import delivery_map, forget
from app.infra.database import execute, fetch
from tests.accounts.people import Client
from tests.admin.delivering import apply, changes, field, form, kept, send
from tests.delivery.portugal import at
from tests.world import World

DESK, WAREHOUSES, ZONES = "/admin/delivery", "/admin/delivery/warehouses", "/admin/delivery/zones"
LEVELS, POSTCODES = "/admin/delivery/levels", "/admin/delivery/postcodes"
DAYS = {f"day-{day}": "on" for day in range(5)}
FARO = {
    **{"code": "FAO", "name": "Faro", "place": "Faro", "postcode": "8005139", "timezone": "Europe/Lisbon"},
    **{"cutoff": "13:00", "handling_days": "1", "holiday_country": "PT", "holiday_subdivision": "08", **DAYS},
}
ALGARVE = {"code": "algarve", "name": "Algarve", "country": "PT", "holiday_subdivision": "08", **DAYS}


async def nothing_is_set() -> None:
    """As after the migrations."""
    await execute("TRUNCATE lane, postcode_area, zone, warehouse, service_level CASCADE")
    forget()


async def test_a_shop_with_nothing_says_what_to_do_first_and_ends_with_a_date(desk: Client) -> None:
    await nothing_is_set()
    for page in (DESK, WAREHOUSES, ZONES, POSTCODES, LEVELS, f"{DESK}/kept", f"{POSTCODES}/table.csv"):
        assert (await desk.get(page)).status_code == 200, page
    text = (await desk.get(DESK)).text
    places = [text.find(f'<a href="{page}">') for page in (WAREHOUSES, ZONES, LEVELS)]
    assert -1 < places[0] < places[1] < places[2] and f'<li><a href="{POSTCODES}">' not in text

    assert (await send(desk, WAREHOUSES, {**await form(desk, WAREHOUSES), **FARO})).status_code == 303
    lanes = f"{WAREHOUSES}/FAO/lanes"
    assert f'href="{ZONES}"' in (await desk.get(lanes)).text
    assert (await send(desk, ZONES, {**await form(desk, ZONES), **ALGARVE})).status_code == 303
    assert f'href="{LEVELS}"' in (await desk.get(lanes)).text
    await apply(desk, await kept(desk, "prefix,place,zone\n8,Faro,algarve\n"))
    level = {"code": (await form(desk, LEVELS))["code"], "name": "To your door"}
    assert (await send(desk, f"{LEVELS}/additions", level)).status_code == 303
    ways = {await field("days", "algarve", "standard"): "1", await field("price", "algarve", "standard"): "3.90"}
    assert (await send(desk, lanes, {**await form(desk, lanes), **ways})).status_code == 303

    place = (await delivery_map()).place_of("8000-001")
    found = place and (await delivery_map()).promise(("FAO",), 0, place.zone, at("2026-11-24 10:00"))
    assert found and str(found.date) == "2026-11-26"  # a day of handling, a day on the road
    assert "Before anything can be sent" not in (await desk.get(DESK)).text


async def test_pages_of_a_shop_that_sends_nothing_yet_answer(world: World, client: Client) -> None:
    goods = await world.product("Copper kettle")
    pages = ("/", "/search?q=kettle", f"/p/{goods.slug}", "/cart", "/checkout", "/delivery/postcode", "/sell")
    line, address = {"offer": str(goods.offer), "quantity": "1"}, {"postcode": "1200-109", "country": "PT"}
    # Stock that nobody drives anywhere; then not even a warehouse.
    for gone in ("lane, postcode_area, zone, service_level", "warehouse"):
        await execute(f"TRUNCATE {gone} CASCADE")
        forget()
        for _ in range(2):  # the second time with a postcode, and in a cart
            for page in pages:
                assert (await client.get(page)).status_code == 200, page
            for path, values in (
                ("/delivery/postcode", address),
                ("/cart/lines", line),
                ("/checkout/address", address),
            ):
                assert (await client.post(path, data=values)).status_code < 500, path


async def test_a_form_sent_twice_adds_once_and_another_of_the_same_code_is_refused(desk: Client) -> None:
    for path, typed, subject in ((WAREHOUSES, FARO, "Warehouse FAO"), (ZONES, ALGARVE, "Zone algarve")):
        for _ in range(2):
            assert (await send(desk, path, typed)).status_code == 303
        answer = await send(desk, path, {**typed, "name": "Another"})
        assert answer.status_code == 422 and "has this code" in answer.text and 'value="Another"' in answer.text
        assert [(about, before) for about, before, _ in await changes() if about == subject] == [(subject, "")]
    assert "New: Algarve" in (await desk.get(DESK)).text
    assert (await form(desk, f"{WAREHOUSES}/FAO"))["postcode"] == "8005-139"


@pytest.mark.parametrize(
    ("path", "typed", "wrong"),
    [
        (WAREHOUSES, FARO, {"code": "F"}),
        (WAREHOUSES, FARO, {"code": "fao"}),
        (WAREHOUSES, FARO, {"code": "FÃO"}),
        (WAREHOUSES, FARO, {"code": "FARO"}),
        (WAREHOUSES, FARO, {"postcode": "28013"}),
        (WAREHOUSES, FARO, {"postcode": ""}),
        (WAREHOUSES, FARO, {"timezone": "Faro"}),
        (WAREHOUSES, FARO, {"cutoff": "noon"}),
        (WAREHOUSES, FARO, {"code": "", "name": ""}),
        (ZONES, ALGARVE, {"code": "Algarve"}),
        (ZONES, ALGARVE, {"code": "a" * 21}),
        (ZONES, ALGARVE, {"country": "XX"}),
        (ZONES, ALGARVE, {"country": "", "code": ""}),
        (ZONES, ALGARVE, {"holiday_subdivision": "99"}),
        (ZONES, ALGARVE, {"name": "x" * 81}),
    ],
)
async def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_lost(
    desk: Client, path: str, typed: dict[str, str], wrong: dict[str, str]
) -> None:
    answer = await send(desk, path, {**typed, **wrong, "day-4": ""})
    assert answer.status_code == 422 and "<title>Error:" in answer.text
    for name in wrong:
        assert f'id="{name}-error"' in answer.text
    for name, value in {**typed, **wrong}.items():
        chosen = name.startswith(("day-", "holiday_")) or name == "country"  # of a list that has nothing wrong in it
        assert chosen or not value or f'value="{value}"' in answer.text
    assert answer.text.count(" checked") == 4
    assert not await changes() and len(await fetch("SELECT FROM warehouse")) == 2


async def test_a_warehouse_abroad_has_the_postcode_of_its_country(desk: Client) -> None:
    madrid = {**FARO, "code": "MAD", "postcode": "28013", "timezone": "Europe/Madrid", "holiday_country": "ES"}
    answer = await send(desk, WAREHOUSES, {**madrid, "holiday_subdivision": "MD"})
    assert answer.status_code == 303 and answer.headers["location"] == f"{WAREHOUSES}/MAD/lanes"
    assert '<option value="ES" selected>Spain</option>' in (await desk.get(f"{WAREHOUSES}/MAD")).text
