"""Which parcels a cart travels in."""

from dataclasses import dataclass, field
from datetime import date

from app.delivery.parcels import ParcelPlan, plan
from app.delivery.promises import Place
from tests.delivery.portugal import at, portugal

MAP = portugal()
TUESDAY = at("2026-11-24 10:00")
LISBOA = Place("1200-109", "Lisboa", "lisboa")
PORTO = Place("4000-001", "Porto", "porto")
BRAGANCA = Place("5300-001", "Bragança", "braganca")


@dataclass(frozen=True)
class Line:
    offer_id: int
    quantity: int = 1
    stocks: dict[str, int] = field(default_factory=lambda: {"LIS": 9})
    supplier_id: int = 7
    handling_days: int = 0
    unit_price_minor: int = 1000

    @property
    def supplier_name(self) -> str:
        return f"Supplier {self.supplier_id}"


def parcels(*lines: Line, place: Place | None = LISBOA, **levels: str) -> tuple[ParcelPlan[Line], ...]:
    chosen = {key.replace("_", "-").removeprefix("p"): level for key, level in levels.items()}
    return plan(lines, place, TUESDAY, MAP, chosen)


def contents(parcel: ParcelPlan[Line]) -> list[tuple[int, int]]:
    return [(part.line.offer_id, part.quantity) for part in parcel.lines]


def test_one_supplier_sends_one_parcel_from_a_warehouse() -> None:
    (parcel,) = parcels(Line(1), Line(2, 3))
    assert (parcel.key, contents(parcel), parcel.items_minor) == ("7-LIS", [(1, 1), (2, 3)], 4000)
    assert parcel.promise and parcel.promise.date == date(2026, 11, 25)


def test_two_suppliers_send_two_parcels_the_sooner_first() -> None:
    found = parcels(Line(1, handling_days=2), Line(2, supplier_id=8))
    assert [parcel.key for parcel in found] == ["8-LIS", "7-LIS"]


def test_a_parcel_leaves_when_its_slowest_line_is_ready() -> None:
    (parcel,) = parcels(Line(1), Line(2, handling_days=1))
    assert parcel.promise and parcel.promise.date == date(2026, 11, 26)


def test_what_waits_for_the_rest_of_its_parcel_knows_the_day_on_which_it_would_come_alone() -> None:
    (parcel,) = parcels(Line(1), Line(2, handling_days=1))
    assert [(part.alone, parcel.is_later_than(part)) for part in parcel.lines] == [
        (date(2026, 11, 25), True),
        (date(2026, 11, 26), False),
    ]
    assert not parcels(Line(1), place=None)[0].is_later_than(parcel.lines[0])


def test_a_line_comes_whole_from_the_soonest_warehouse_that_has_enough() -> None:
    (near,) = parcels(Line(1, 2, {"LIS": 2, "PDL": 9}))
    (far,) = parcels(Line(1, 3, {"LIS": 2, "PDL": 9}))
    assert (near.key, far.key) == ("7-LIS", "7-PDL")


def test_a_line_is_split_only_when_no_warehouse_has_enough() -> None:
    found = parcels(Line(1, 10, {"LIS": 2, "PDL": 9}))
    assert [(parcel.key, contents(parcel)) for parcel in found] == [("7-LIS", [(1, 2)]), ("7-PDL", [(1, 8)])]


def test_what_no_warehouse_has_is_in_no_parcel() -> None:
    (parcel,) = parcels(Line(1, 5, {"LIS": 2}), Line(2, 1, {}), Line(3))
    assert contents(parcel) == [(1, 2), (3, 1)]


def test_a_warehouse_that_does_not_deliver_there_is_passed_over() -> None:
    (parcel,) = parcels(Line(1, 3, {"LIS": 3, "PDL": 9}), place=BRAGANCA)
    assert parcel.warehouse == "LIS"


def test_what_is_missing_to_free_delivery_is_said_of_each_parcel_by_the_way_that_is_chosen() -> None:
    def missing(*lines: Line, place: Place = LISBOA, **levels: str) -> list[tuple[int | None, int, int]]:
        found = parcels(*lines, place=place, **levels)
        return [(parcel.free_from_minor, parcel.missing_minor, parcel.delivery_minor) for parcel in found]

    assert missing(Line(1, 4)) == [(5000, 1000, 390)]
    assert missing(Line(1, unit_price_minor=4999)) == [(5000, 1, 390)]
    assert missing(Line(1, 5)) == [(5000, 0, 0)]
    assert missing(Line(1, 3), Line(2, 4, supplier_id=8)) == [(5000, 2000, 390), (5000, 1000, 390)]
    assert missing(Line(1), place=Place("9000-001", "Funchal", "madeira")) == [(None, 0, 990)]


def test_a_parcel_that_nobody_can_bring_has_no_options() -> None:
    (parcel,) = parcels(Line(1, 1, {"PDL": 9}), place=BRAGANCA)
    assert (parcel.options, parcel.chosen, parcel.promise, parcel.delivery_minor) == ((), None, None, 0)


def test_without_a_place_there_are_parcels_but_no_dates() -> None:
    (parcel,) = parcels(Line(1), place=None)
    assert (parcel.key, parcel.promise) == ("7-LIS", None)


def test_the_shopper_may_choose_a_level_that_the_parcel_has() -> None:
    (usual,) = parcels(Line(1), place=BRAGANCA)
    (sooner,) = parcels(Line(1), place=BRAGANCA, p7_LIS="express")
    (unknown,) = parcels(Line(1), place=BRAGANCA, p7_LIS="rocket")
    assert [option.level for option in usual.options] == ["standard", "express"]
    assert (usual.delivery_minor, sooner.delivery_minor, unknown.delivery_minor) == (490, 890, 490)
    assert sooner.promise and usual.promise and sooner.promise.date < usual.promise.date


def test_a_dearer_level_that_is_no_sooner_is_not_offered() -> None:
    assert MAP.lane_price("LIS", "porto", "express", 0) > MAP.lane_price("LIS", "porto", "standard", 0)
    (parcel,) = parcels(Line(1), place=PORTO, p7_LIS="express")
    assert [option.level for option in parcel.options] == ["standard"]
    assert parcel.chosen and parcel.chosen.level == "standard"


def test_delivery_is_free_when_the_parcel_is_worth_enough() -> None:
    (parcel,) = parcels(Line(1, 5))
    assert parcel.delivery_minor == 0
