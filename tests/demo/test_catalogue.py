"""The demo catalogue is the same everywhere, honest about itself, and speaks every format that suppliers may send."""

import csv
import gzip
import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree
from stdnum import ean

from app.catalog.art.addresses import parse, picture
from app.catalog.taxonomy import BEGINNING, CATEGORIES, OTHER_GOODS
from app.demo.catalogue import FeedFile, offers, products, suppliers, write_feeds
from app.demo.catalogue.making import products as make

VARIANTS = [variant for product in products() for variant in product.variants]
OFFERS = [offer for listed in offers().values() for offer in listed]


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> list[FeedFile]:
    return write_feeds(tmp_path_factory.mktemp("feeds"))


def _digest(files: list[FeedFile]) -> str:
    return hashlib.sha256(b"".join(file.path.name.encode() + file.path.read_bytes() for file in files)).hexdigest()


def _feed(feeds: list[FeedFile], supplier: str) -> bytes:
    path = next(feed.path for feed in feeds if feed.supplier == supplier)
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def test_two_runs_write_the_same_bytes(feeds: list[FeedFile], tmp_path: Path) -> None:
    make.cache_clear()
    offers.cache_clear()
    assert _digest(write_feeds(tmp_path)) == _digest(feeds)


def test_there_are_enough_products_in_every_category() -> None:
    shelves = Counter(product.category for product in products())
    leaves = {category.path for category in CATEGORIES if category.parent} - {OTHER_GOODS}
    assert set(shelves) == leaves
    assert min(shelves.values()) >= 20
    assert 2_000 <= len(products()) <= 2_800
    assert 5_000 <= len(VARIANTS) <= 7_500
    assert all(1 <= len(product.variants) <= 6 for product in products())


def test_nothing_shares_a_name_a_number_or_a_sku() -> None:
    assert len({product.name.casefold() for product in products()}) == len(products())
    assert len({product.group for product in products()}) == len(products())
    assert len({variant.gtin for variant in VARIANTS}) == len(VARIANTS)
    assert len({offer.sku for offer in OFFERS}) == len(OFFERS)


def test_every_gtin_is_portuguese_and_checks() -> None:
    for variant in VARIANTS:
        assert variant.gtin.startswith("560") and ean.is_valid(variant.gtin)


def test_every_image_is_one_that_we_draw() -> None:
    for address in {variant.image for variant in VARIANTS}:
        name = re.fullmatch(r"/art/([a-z-]+)\.svg", address)
        assert name and parse(name[1]) and picture(name[1])


def test_variants_of_a_product_can_be_told_apart() -> None:
    for product in products():
        choices = [(each.colour, each.size, tuple(each.options.items())) for each in product.variants]
        assert len(set(choices)) == len(choices)


def test_prose_is_finished_and_says_nothing_twice() -> None:
    for product in products():
        sentences = re.split(r"(?<=[.;]) ", product.description)
        assert len(set(sentences)) == len(sentences) >= 3
        texts = [product.name, product.description, *product.attributes.values(), *(v.note for v in product.variants)]
        assert not any("{" in text or "  " in text for text in texts)


def test_some_things_have_several_sellers_and_every_category_has_two() -> None:
    shared = sum(len(product.variants) for product in products() if len(product.sellers) > 1)
    assert 0.10 < shared / len(VARIANTS) < 0.20
    sellers: dict[str, set[str]] = {}
    for product in products():
        sellers.setdefault(product.category, set()).update(product.sellers)
    assert min(map(len, sellers.values())) >= 2
    assert {slug for slugs in sellers.values() for slug in slugs} == {supplier.slug for supplier in suppliers()}


def test_stock_is_mostly_spread_and_sometimes_short() -> None:
    assert sum(len(offer.stock) == 1 for offer in OFFERS) / len(OFFERS) < 0.25
    assert 0.02 < sum(not sum(offer.stock.values()) for offer in OFFERS) / len(OFFERS) < 0.12
    assert any(1 <= sum(offer.stock.values()) <= 3 for offer in OFFERS)
    assert {offer.handling_days for offer in OFFERS} == {0, 1, 2, 3, 5}


def test_a_discount_is_off_a_higher_price() -> None:
    assert all(offer.list_price is None or offer.list_price > offer.price > 0 for offer in OFFERS)
    assert 0.05 < sum(offer.list_price is not None for offer in OFFERS) / len(OFFERS) < 0.25


def test_every_format_is_there(feeds: list[FeedFile]) -> None:
    assert [feed.supplier for feed in feeds] == [supplier.slug for supplier in suppliers()]
    assert {feed.format for feed in feeds} == {
        "csv",
        "tsv",
        "json",
        "jsonl",
        "google-rss",
        "google-atom",
        "shopify",
    }
    assert {feed.format for feed in feeds if feed.path.suffix == ".gz"} == {"jsonl", "shopify"}


@pytest.mark.parametrize(
    ("supplier", "delimiter"), [("oficina-do-vale", ";"), ("casa-pratas", ","), ("barro-e-luz", "\t")]
)
def test_our_own_text_formats_carry_every_offer(feeds: list[FeedFile], supplier: str, delimiter: str) -> None:
    rows = list(csv.DictReader(_feed(feeds, supplier).decode().splitlines(), delimiter=delimiter))
    assert [row["sku"] for row in rows] == [offer.sku for offer in offers()[supplier]]
    assert all(row["title"] and re.fullmatch(r"\d+\.\d\d", row["price"]) for row in rows)
    stock = {column.removeprefix("stock:") for column in rows[0] if column.startswith("stock:")}
    assert stock == {"LIS", "OPO", "FAO", "PDL"}


def test_our_own_json_formats_carry_every_offer(feeds: list[FeedFile]) -> None:
    array = json.loads(_feed(feeds, "tres-irmas"))
    lines = [json.loads(line) for line in _feed(feeds, "livraria-lume").splitlines()]
    assert [row["sku"] for row in array] == [offer.sku for offer in offers()["tres-irmas"]]
    assert [row["stock"] for row in lines] == [offer.stock for offer in offers()["livraria-lume"]]


@pytest.mark.parametrize(
    ("supplier", "item"), [("som-da-rua", "item"), ("duas-rodas", "{http://www.w3.org/2005/Atom}entry")]
)
def test_google_feeds_name_the_regular_price_and_our_categories(
    feeds: list[FeedFile], supplier: str, item: str
) -> None:
    g = "{http://base.google.com/ns/1.0}"
    items = list(etree.fromstring(_feed(feeds, supplier)).iter(item))
    assert len(items) == len(offers()[supplier])
    for element, offer in zip(items, offers()[supplier], strict=True):
        asked = element.findtext(f"{g}sale_price") or element.findtext(f"{g}price")
        assert asked == f"{offer.price / 100:.2f} EUR"
        assert BEGINNING.guess(element.findtext(f"{g}product_type") or "") == offer.product.category


def test_shopify_tells_of_a_product_once(feeds: list[FeedFile]) -> None:
    rows = list(csv.DictReader(_feed(feeds, "brinca").decode().splitlines(keepends=True)))
    listed = offers()["brinca"]
    assert len(rows) == len(listed)
    assert sum(bool(row["Title"]) for row in rows) == len({offer.product.group for offer in listed})
    assert {BEGINNING.guess(row["Product Category"]) for row in rows if row["Title"]} == {
        "toys/wooden-toys",
        "toys/blocks",
    }
