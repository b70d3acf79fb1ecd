"""What a cart comes to, to the cent, whether prices contain VAT or it comes on top of them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from app.catalog.taxes import Taxed, by_rate, of_parcel, on_top
from app.infra.money import shares
from app.orders.bought import BoughtParcel, _parcel, _shared, _taxed

CENTS = some.integers(0, 200_000)
LINES = some.lists(
    some.fixed_dictionaries(
        {
            "quantity": some.integers(1, 9),
            "unit_price_minor": some.integers(1, 90_000),
            "vat_percent": some.sampled_from([Decimal(23), Decimal(6), Decimal("13.5"), Decimal(0)]),
        }
    ),
    min_size=1,
    max_size=4,
)
ORDERS = some.lists(some.tuples(LINES, CENTS), min_size=1, max_size=3)


def total_of(taxed: Sequence[Sequence[Taxed]]) -> int:
    """What is to be paid, as the checkout shows it: amounts by rate, and the VAT that comes on top."""
    rates = by_rate(each for parcel in taxed for each in parcel)
    return sum(each.amount_minor for each in rates) + on_top(rates)


def bought(order: Sequence[tuple[list[dict[str, Any]], int]], off_minor: int, *, is_net: bool) -> list[BoughtParcel]:
    """As rows of an order whose goods were reduced by so much, read again."""
    worths = [line["quantity"] * line["unit_price_minor"] for lines, _ in order for line in lines]
    off = iter(shares(min(off_minor, sum(worths)), worths))
    rows = []
    for number, (lines, delivery) in enumerate(order, 1):
        parcel = {"id": number, "number": number, "state": "waiting", "seller": "", "warehouse": "LIS"}
        parcel |= {"delivery_minor": delivery, "is_net": is_net}
        same = {
            "offer": 1,
            "name": "",
            "sku": "",
            "note": "",
            "image": "",
            "cancelled": 0,
            "returned": 0,
            "parcel": number,
        }
        rows.append((parcel, [{**same, **line, "id": n, "discount_minor": next(off)} for n, line in enumerate(lines)]))
    vat = iter(_shared([amount for parcel, lines in rows for amount in _taxed(parcel, lines)]))
    found = [_parcel(parcel, lines, [next(vat) for _ in _taxed(parcel, lines)]) for parcel, lines in rows]
    expected = total_of([_taxed(parcel, lines) for parcel, lines in rows])
    assert sum(each.left_minor for each in found) == expected
    return found


@given(ORDERS, CENTS, some.booleans(), some.data())
def test_an_order_adds_up_and_goes_back_piece_by_piece(
    order: list[tuple[list[dict[str, Any]], int]], off_minor: int, is_net: bool, data: some.DataObject
) -> None:
    for parcel in bought(order, off_minor, is_net=is_net):
        for line in parcel.lines:
            assert line.amount_minor >= 0 and 0 <= line.vat_minor <= line.amount_minor
            first = data.draw(some.integers(0, line.quantity))
            parts = [(first, 0), (line.quantity - first, first)]
            assert sum(line.amount_of(pieces, after=after) for pieces, after in parts) == line.amount_minor
            assert sum(line.vat_of(pieces, after=after) for pieces, after in parts) == line.vat_minor


def test_a_discount_comes_off_before_vat_is_added() -> None:
    (parcel,) = bought(
        [([{"quantity": 2, "unit_price_minor": 5000, "vat_percent": Decimal(23)}], 400)], 1000, is_net=True
    )
    (line,) = parcel.lines
    assert (line.vat_minor, line.amount_minor) == (2070, 11070)  # 23 % of 90.00
    assert [(each.vat_minor, each.amount_minor) for each in parcel.delivery] == [(92, 492)]


def test_vat_on_top_is_worked_out_once_for_each_rate() -> None:
    goods = [Taxed(Decimal(23), 1, True), Taxed(Decimal(6), 500, True), Taxed(Decimal(23), 1, True)]
    assert by_rate(of_parcel(goods, 0)) == [Taxed(Decimal(23), 2, True), Taxed(Decimal(6), 500, True)]
    assert on_top(by_rate(goods)) == 30 and on_top([Taxed(Decimal(23), 100)]) == 0
