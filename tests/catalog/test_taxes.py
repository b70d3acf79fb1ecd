"""Which VAT is in a price: by category, country and day, to the cent."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from app.catalog import taxes
from app.catalog.taxes import Taxed, by_rate, of_parcel
from app.infra.clock import today
from app.infra.database import fetch_one
from app.infra.money import shares
from tests.accounts.people import person
from tests.world import World

CENTS = some.integers(0, 10**7)
PERCENTS = some.sampled_from([Decimal(23), Decimal(13), Decimal(6), Decimal(0)])


async def percent_of(world: World, path: str, day: date | None = None) -> Decimal:
    row = await fetch_one("SELECT vat_percent($1, 'PT', $2) AS found", world.categories[path], day or today())
    assert row is not None
    return taxes.rate_or_usual(row["found"])


async def test_without_a_rate_of_its_own_everything_has_the_usual_one(world: World) -> None:
    assert await percent_of(world, "lighting/desk-lamps") == Decimal(23)


async def test_the_nearest_category_decides(world: World) -> None:
    who, day = await person("rui@example.pt", role="operator"), today()
    await taxes.set_rate(who, "PT", None, Decimal(22), day)
    await taxes.set_rate(who, "PT", world.categories["lighting"], Decimal(13), day)
    await taxes.set_rate(who, "PT", world.categories["lighting/desk-lamps"], Decimal(6), day)
    found = [await percent_of(world, path) for path in ("lighting/desk-lamps", "lighting/table-lamps", "other")]
    assert found == [6, 13, 22]


async def test_a_rate_counts_from_its_day_on_and_only_in_its_country(world: World) -> None:
    who, day = await person("rui@example.pt", role="operator"), today()
    lighting = world.categories["lighting"]
    await taxes.set_rate(who, "PT", lighting, Decimal(13), day)
    await taxes.set_rate(who, "PT", lighting, Decimal("6.5"), day + timedelta(days=30))
    found = [await percent_of(world, "lighting", day + timedelta(days=days)) for days in (-1, 0, 29, 30, 900)]
    assert found == [23, 13, 13, Decimal("6.5"), Decimal("6.5")]
    row = await fetch_one("SELECT vat_percent($1, 'ES', $2) AS found", lighting, day)
    assert row is not None and row["found"] is None


def test_vat_is_rounded_once_for_each_rate() -> None:
    lines = [Taxed(Decimal(23), 1), Taxed(Decimal(6), 500), Taxed(Decimal(23), 1), Taxed(Decimal(23), 1)]
    assert by_rate(lines) == [Taxed(Decimal(23), 3), Taxed(Decimal(6), 500)]
    assert [each.vat_minor for each in by_rate(lines)] == [1, 28]


def test_delivery_is_taxed_like_what_is_in_the_parcel() -> None:
    goods = [Taxed(Decimal(23), 3000), Taxed(Decimal(6), 1000)]
    assert by_rate(of_parcel(goods, 399)) == [Taxed(Decimal(23), 3299), Taxed(Decimal(6), 1100)]


@given(CENTS, some.lists(CENTS, min_size=1, max_size=9))
def test_shares_add_up_and_are_at_most_a_cent_off(total: int, weights: list[int]) -> None:
    parts = shares(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        exact = total * weight / whole if whole else total / len(weights)
        assert abs(part - exact) <= 1


@given(
    some.lists(
        some.tuples(some.lists(some.builds(Taxed, PERCENTS, CENTS, some.just(False)), min_size=1, max_size=4), CENTS)
    )
)
def test_what_is_taxed_is_what_is_paid(parcels: list[tuple[list[Taxed], int]]) -> None:
    found = by_rate(taxed for goods, delivery in parcels for taxed in of_parcel(goods, delivery))
    paid = sum(each.amount_minor for goods, _ in parcels for each in goods) + sum(delivery for _, delivery in parcels)
    assert sum(each.amount_minor for each in found) == paid
    assert len({each.percent for each in found}) == len(found)
