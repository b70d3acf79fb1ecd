import pytest

from app.suppliers.formats import BadRow, RawRow, open_feed
from app.suppliers.rows import Rejection, Row, RowContext, validate
from app.suppliers.seen import SeenSkus
from tests import shared_data

CONTEXT = RowContext(
    default_currency="EUR",
    category_of=lambda words: None,
    warehouses=frozenset({"LIS", "OPO"}),
    default_category=None,
    currencies=frozenset({"EUR", "USD", "RON", "INR"}),
)
SHOES = {
    "2025-05-01T080929": 992,
    "2025-05-05T111224": 983,
    "2025-05-07T083852": 983,
    "2025-05-16T014045": 1047,
    "2025-05-31T014039": 1047,
    "2025-06-09T014041": 1047,
    "2025-06-13T014124": 1047,
    "2025-06-25T014048": 1047,
    "2025-07-01T014039": 1047,
    "2025-07-05T014040": 1047,
}


def judge(name: str) -> list[Row | Rejection | BadRow]:
    with open_feed(shared_data.path(name)) as feed:
        return [validate(row, CONTEXT) if isinstance(row, RawRow) else row for row in feed]


@pytest.mark.parametrize("version", SHOES)
def test_every_shoe_of_every_version_goes_in(version: str) -> None:
    rows = judge(f"feeds/google-merchant/shoes-{version}.xml.gz")
    assert len(rows) == SHOES[version]
    seen = SeenSkus()
    for row in rows:
        assert isinstance(row, Row)
        assert not seen.first(row.sku, row.line)
        assert row.currency == "USD"
        assert row.stock is None


def test_the_toy_shop_s_sale_prices_are_asked() -> None:
    rows = judge("feeds/google-merchant/toys-ro.xml")
    assert len(rows) == 14
    first = rows[0]
    assert isinstance(first, Row)
    assert (first.price_minor, first.list_price_minor, first.currency) == (15900, 18900, "RON")
    assert sum(isinstance(row, Row) and row.gtin is not None for row in rows) == 3


@pytest.mark.parametrize(("name", "variants"), [("apparel", 22), ("jewelery", 23)])
def test_shopify_s_samples_are_variants_without_their_extra_pictures(name: str, variants: int) -> None:
    rows = judge(f"feeds/shopify/{name}.csv")
    assert [row for row in rows if not isinstance(row, Row)] == []
    assert len(rows) == variants
    assert len({row.sku for row in rows if isinstance(row, Row)}) == variants


def test_rupees_of_the_mixed_catalogue_are_understood_and_what_has_no_price_is_rejected() -> None:
    rows = judge("catalogues/mixed-11k.csv.gz")
    assert len(rows) == 10_930
    rejected = [row for row in rows if isinstance(row, Rejection)]
    assert len(rejected) == 94
    assert {row.problems[0].field for row in rejected} == {"price"}
    first = rows[0]
    assert isinstance(first, Row)
    assert (first.price_minor, first.list_price_minor, first.currency) == (3_299_900, 5_899_000, "INR")
