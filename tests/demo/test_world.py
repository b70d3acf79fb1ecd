"""The demo world: everybody can be delivered to, everybody can sign in, and bringing it in again changes nothing."""

import holidays
import pytest

from app.accounts import passwords
from app.catalog.taxonomy import CATEGORIES
from app.demo import portugal, postcodes, spain, world
from app.demo.catalogue import suppliers
from app.infra.database import execute, fetch

PLACES = {prefix: (place, zone) for prefix, place, zone in postcodes.areas()}


def place_of(postcode: str) -> tuple[str, str] | None:
    return next((PLACES[postcode[:length]] for length in range(8, 0, -1) if postcode[:length] in PLACES), None)


@pytest.mark.parametrize(
    ("postcode", "place", "zone"),
    [
        ("1200-109", "Lisboa", "lisboa"),
        ("2825-300", "Costa da Caparica", "setubal-santarem"),
        ("3000-137", "Coimbra", "centro"),
        ("4000-322", "Porto", "porto"),
        ("4700-320", "Braga", "norte-litoral"),
        ("5300-252", "Bragança", "tras-os-montes"),
        ("6200-001", "Covilhã", "beira-interior"),
        ("7000-500", "Évora", "alentejo"),
        ("8000-164", "Faro", "algarve"),
        ("9000-018", "Funchal", "madeira"),
        ("9400-150", "Porto Santo", "madeira"),
        ("9500-063", "Ponta Delgada", "acores-oriental"),
        ("9900-038", "Horta", "acores-central"),
        ("9980-024", "Vila do Corvo", "acores-ocidental"),
    ],
)
def test_a_postcode_is_in_its_place_and_zone(postcode: str, place: str, zone: str) -> None:
    assert place_of(postcode) == (place, zone)


def test_every_portuguese_postcode_is_served() -> None:
    assert [number for number in range(1000, 10_000) if place_of(f"{number}-001") is None] == []


def test_no_prefix_is_listed_twice_and_every_area_is_in_a_zone() -> None:
    areas = list(postcodes.areas())
    assert len({prefix for prefix, _, _ in areas}) == len(areas) >= 120
    assert {zone for _, _, zone in areas} == {code for code, _, _ in portugal.ZONES}


def test_every_warehouse_reaches_every_zone_and_express_is_sooner_and_dearer() -> None:
    standard = {(lane.warehouse, lane.zone): lane for lane in portugal.lanes() if lane.level == "standard"}
    express = [lane for lane in portugal.lanes() if lane.level == "express"]
    assert len(standard) == len(portugal.WAREHOUSES) * len(portugal.ZONES)
    assert {lane.warehouse for lane in express} == {"LIS", "OPO"}
    for lane in express:
        usual = standard[lane.warehouse, lane.zone]
        assert lane.transit_days < usual.transit_days
        assert lane.price_minor > usual.price_minor


def test_the_mainland_is_near_the_islands_are_far_and_the_azores_have_their_own_warehouse() -> None:
    days = {(lane.warehouse, lane.zone): lane.transit_days for lane in portugal.lanes() if lane.level == "standard"}
    mainland = [code for code, _, holidays_of in portugal.ZONES if not holidays_of]
    azores = [code for code, _, holidays_of in portugal.ZONES if holidays_of == portugal.AZORES]
    for warehouse in ("LIS", "OPO", "FAO"):
        assert all(1 <= days[warehouse, zone] <= 3 for zone in mainland)
        assert 3 <= days[warehouse, "madeira"] <= 5
        assert all(4 <= days[warehouse, zone] <= 7 for zone in azores)
    assert all(days["PDL", zone] <= 2 for zone in azores)


def test_islands_keep_holidays_of_their_own() -> None:
    national = set(holidays.country_holidays("PT", years=2026))
    for code, _, subdivision in portugal.ZONES:
        if subdivision:
            assert set(holidays.country_holidays("PT", subdiv=subdivision, years=2026)) - national, code


async def test_the_world_is_complete(db: None) -> None:
    await world.prepare()
    counted = {
        table: (await fetch(f'SELECT count(*) AS many FROM "{table}"'))[0]["many"]
        for table in ("category", "exchange_rate", "warehouse", "zone", "postcode_area", "lane", "supplier", "account")
    }
    assert counted == {
        "category": len(CATEGORIES),
        "exchange_rate": 30,
        "warehouse": 4,
        "zone": len(portugal.ZONES) + len(spain.ZONES),
        "postcode_area": len(PLACES) + len(list(spain.areas())),
        "lane": len(list(portugal.lanes())) + len(list(spain.lanes())),
        "supplier": len(suppliers()),
        "account": len(suppliers()) + 2,
    }


async def test_everybody_who_is_named_can_sign_in_with_the_demo_password(db: None) -> None:
    await world.prepare()
    for role, email in world.SIGN_INS:
        (row,) = await fetch("SELECT role, supplier, password_hash FROM account WHERE email = $1", email)
        assert row["role"] == role
        assert (row["supplier"] is not None) == (role == "supplier")
        assert await passwords.matches(world.PASSWORD, row["password_hash"])


async def test_bringing_it_in_again_adds_nothing_and_leaves_people_alone(db: None) -> None:
    await world.prepare()
    await execute("UPDATE account SET name = 'Marta F.' WHERE email = $1", world.SHOPPER)
    await execute("UPDATE lane SET transit_days = 99")
    before = await fetch("SELECT id, email, name, password_hash FROM account ORDER BY id")
    await world.prepare()
    assert await fetch("SELECT id, email, name, password_hash FROM account ORDER BY id") == before
    assert (await fetch("SELECT max(transit_days) AS days FROM lane"))[0]["days"] <= 7
