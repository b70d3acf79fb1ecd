"""Counting by columns must say what counting one by one says."""

import tempfile
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import index as whoosh_index

from app.delivery.calendar import Dispatch, WorkCalendar
from app.delivery.promises import STANDARD, DeliveryMap, Place
from app.delivery.ways import Origin, Road
from app.reviews.ratings import mean
from app.search.answering import answer
from app.search.arrivals import arrivals
from app.search.documents import Document, Entry
from app.search.engine import Engine
from app.search.facet_rows import price_bars as price_rows
from app.search.facet_rows import price_ends
from app.search.facets import price_bars
from app.search.query import Query
from app.search.words import index_words
from app.search.writing import write

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
CATEGORIES = (("a", "A"), ("a/x", "X")), (("a", "A"), ("a/y", "Y")), (("b", "B"),)
WOOD, WEIGHT = (("wood", ("oak",)),), (("weight", ("2 kg", "3..4 kg")),)
HOME = Place("1200-109", "Lisboa", "lisboa")

Said = tuple[tuple[str, str], ...]

documents: st.SearchStrategy[dict[str, object]] = st.builds(
    dict,
    name=st.sampled_from(["desk lamp", "table lamp", "mug", "desk"]),
    brand=st.sampled_from(["Oficina", "Barro", ""]),
    categories=st.sampled_from(CATEGORIES),
    price_minor=st.integers(1, 30_000),
    handling_days=st.integers(0, 3),
    stock=st.dictionaries(st.sampled_from(["LIS", "OPO", "PDL"]), st.integers(1, 9), max_size=3),
    suppliers=st.sets(st.sampled_from([("s1", "One"), ("s2", "Two"), ("s3", "Three")]), min_size=1).map(tuple),
    colours=st.sets(st.sampled_from(["Ink blue", "Moss"])).map(tuple),
    given=st.lists(st.integers(1, 5), max_size=25),
)
attributes = st.sets(st.sampled_from([("Wood", "oak"), ("wood", "Beech"), ("Weight", "2 kg"), ("Weight", "3,5 kg")]))
queries = st.builds(
    Query,
    q=st.sampled_from(["", "lamp", "desk lamp", "mug desk", "nothing"]),
    category=st.sampled_from(["", "a", "a/x", "b", "missing"]),
    brands=st.sampled_from([(), ("Oficina",), ("Barro", "Oficina"), ("Missing",)]),
    suppliers=st.sampled_from([(), ("s1",), ("s1", "s3")]),
    colours=st.sampled_from([(), ("Moss",)]),
    attributes=st.sampled_from([(), WOOD, WEIGHT, (*WEIGHT, *WOOD), (("missing", ("x",)),)]),
    low=st.sampled_from([None, 5000]),
    high=st.sampled_from([None, 20_000]),
    rating=st.sampled_from([None, 1, 3, 4]),
    in_stock=st.booleans(),
    by=st.sampled_from([None, *(date(2026, 11, 24) + timedelta(days=n) for n in range(4))]),
    sort=st.sampled_from(["best", "arrives", "price", "price-down", "rating", "newest"]),
    size=st.just(1000),
)


def delivery() -> DeliveryMap:
    """Two warehouses that deliver to Lisboa, and one that does not."""
    calendar = WorkCalendar("PT", "", frozenset(range(5)))
    dispatch = Dispatch(calendar, ZoneInfo("Europe/Lisbon"), time(15))
    roads = {("LIS", "lisboa", STANDARD): Road(1, 390), ("OPO", "lisboa", STANDARD): Road(2, 390)}
    origins = [Origin(code, dispatch) for code in ("LIS", "OPO", "PDL")]
    return DeliveryMap(origins, {"lisboa": WorkCalendar()}, {"1": ("Lisboa", "lisboa")}, [(STANDARD, "")], roads)


def document(number: int, values: dict) -> Document:
    return Document(
        product=number,
        version=1,
        slug=f"p{number}",
        note="",
        image="",
        offer=number,
        supplier="One",
        list_price_minor=None,
        available=sum(values["stock"].values()),
        created_at=number,
        stars=sum(values["given"]),
        reviews=len(values["given"]),
        **{name: value for name, value in values.items() if name != "given"},
    )


def engine_with(root: Path, made: list[Entry]) -> Engine:
    engine = Engine(root)
    place = engine.index.new_generation()
    for part in (made[::2], made[1::2]):  # two segments
        write(whoosh_index.open_dir(str(place)), [], part)
    engine.index.use(place)
    engine.refresh()
    return engine


def has_words(document: Document, query: Query, made: list[Document]) -> bool:
    asked = query.q.split()
    every = [set(asked) <= set(each.name.split()) for each in made]
    own = set(document.name.split())
    return set(asked) <= own if any(every) or len(asked) < 2 else bool(set(asked) & own)


def has(said: Said, slug: str, wanted: Iterable[str]) -> bool:
    """Whether a product that says this is let through by an attribute's filter."""
    values = {text.casefold() for name, text in said if name.casefold() == slug}
    return bool(values & set(wanted)) or ("3..4 kg" in wanted and "3,5 kg" in values)


def rated(document: Document) -> float | None:
    return mean(document.stars, document.reviews)


def passes(document: Document, said: Said, query: Query, arrives: date | None, without: str) -> bool:
    rules = {
        "category": not query.category or query.category in [path for path, _ in document.categories],
        "brand": not query.brands or document.brand in query.brands,
        "supplier": not query.suppliers or bool({slug for slug, _ in document.suppliers} & set(query.suppliers)),
        "colour": not query.colours or bool(set(document.colours) & set(query.colours)),
        "price": (query.low or 0) <= document.price_minor <= (query.high or 10**9),
        "rating": not query.rating or (rated(document) or 0) >= query.rating,
        "stock": not query.in_stock or bool(document.stock),
        "by": query.by is None or (arrives is not None and arrives <= query.by),
    } | {slug: has(said, slug, wanted) for slug, wanted in query.attributes}
    return all(held for name, held in rules.items() if name != without)


@settings(max_examples=60)
@given(st.lists(st.tuples(documents, attributes), max_size=14), queries)
def test_facets_and_filters_equal_counting_one_by_one(values: list[tuple[dict, set]], query: Query) -> None:
    made = [document(number, each) for number, (each, _) in enumerate(values, 1)]
    said = {each.product: tuple(own) for each, (_, own) in zip(made, values, strict=True)}
    there = arrivals(delivery(), HOME, AT)
    arrives = {
        each.product: promise.date if (promise := there.promise(each.warehouses, each.handling_days)) else None
        for each in made
    }
    with tempfile.TemporaryDirectory() as root:
        engine = engine_with(Path(root), [Entry(each, index_words(each.name), said[each.product]) for each in made])
        result = answer(engine.snapshot, engine.wordlists.current, query, there)
        engine.close()

    def left(without: str = "") -> list[Document]:
        found = [each for each in made if has_words(each, query, made)]
        return [each for each in found if passes(each, said[each.product], query, arrives[each.product], without)]

    assert {each.product for each in result.documents} == {each.product for each in left()}
    assert result.total == len(left())
    counted = {choice.key: choice.count for choice in result.facets.categories}
    paths = [path for each in left("category") for path, _ in each.categories]
    assert counted == {path: paths.count(path) for path in paths}
    counted = {choice.key: choice.count for choice in result.facets.brands}
    brands = [each.brand for each in left("brand") if each.brand]
    assert counted == {brand: brands.count(brand) for brand in brands}
    counted = {choice.key: choice.count for choice in result.facets.suppliers}
    slugs = [slug for each in left("supplier") for slug, _ in each.suppliers]
    assert counted == {slug: slugs.count(slug) for slug in slugs}
    counted = {choice.key: choice.count for choice in result.facets.colours}
    names = [name for each in left("colour") for name in each.colours]
    assert counted == {name: names.count(name) for name in names}
    for facet in result.facets.attributes:
        for choice in facet.choices:
            assert choice.count == sum(has(said[each.product], facet.slug, [choice.key]) for each in left(facet.slug))
    assert result.facets.in_stock == sum(bool(each.stock) for each in left("stock"))
    assert dict(result.facets.ratings) == {
        least: sum((rated(each) or 0) >= least for each in left("rating")) for least in (4, 3, 2, 1)
    }
    assert result.facets.any_day == len(left("by"))
    for day, count in result.facets.days:
        assert count == sum(1 for each in left("by") if (arrives[each.product] or date.max) <= day)
    assert sum(result.facets.price.counts if result.facets.price else ()) == len(left("price"))
    if query.sort == "price":
        prices = [each.price_minor for each in result.documents]
        assert prices == sorted(prices)
    if query.sort == "price-down":
        prices = [-each.price_minor for each in result.documents]
        assert prices == sorted(prices)
    if query.sort == "arrives":
        days = [arrives[each.product] or date.max for each in result.documents]
        assert days == sorted(days)


def test_a_product_with_several_values_in_a_range_counts_there_once() -> None:
    shoe: dict[str, object] = {
        "name": "shoe", "brand": "", "categories": (("a", "A"),), "price_minor": 1, "handling_days": 0,
        "stock": {"LIS": 1}, "suppliers": (("s1", "One"),), "colours": (), "given": [],
    }  # fmt: skip
    sizes = [range(36, 42), range(36, 46), range(40, 48)]
    made = [document(number, shoe) for number in range(1, len(sizes) + 1)]
    rows = [tuple(("Size", str(size)) for size in own) for own in sizes]
    with tempfile.TemporaryDirectory() as root:
        words = index_words("shoe")
        engine = engine_with(Path(root), [Entry(each, words, own) for each, own in zip(made, rows, strict=True)])
        asked = Query(attributes=(("size", ("36..",)),))
        for query in (Query(), asked):
            result = answer(engine.snapshot, engine.wordlists.current, query, None)
            for choice in next(each for each in result.facets.attributes if each.slug == "size").choices:
                clicked = Query(attributes=(("size", (choice.key,)),))
                assert choice.count == answer(engine.snapshot, engine.wordlists.current, clicked, None).total
        engine.close()


@pytest.mark.parametrize(
    ("prices", "ends"),
    [
        ([*range(2000, 4400, 120), 200_000], ("€20", "€43 and more")),
        ([1000, 1200, 1500, 1700, 2000, 2200, 90_000, 95_000], ("€10", "€22 and more")),
        ([*[1000] * 30, 1100, 2000, 500_000], ("€10", "€20 and more")),
        ([1000, 2000], ("€10", "€20")),
        ([*range(1000, 9000, 10)], ("€10", "€90")),
        ([4000] * 9, ("", "")),
        ([], ("", "")),
    ],
)
def test_a_few_very_dear_products_do_not_press_the_prices_of_all_others_into_one_bar(
    prices: list[int], ends: tuple[str, str]
) -> None:
    bars = price_bars(np.array(prices, np.int64))
    assert price_ends(bars) == ends
    assert sum(bars.counts if bars else ()) == len(prices), "the last bar holds what is dearer"


def test_where_many_are_dear_the_bars_show_them_as_phones_among_their_cases() -> None:
    bars = price_bars(np.array([*range(900, 1660), *range(30_000, 100_000, 290)], np.int64))
    assert bars is not None
    assert bars.high > 80_000
    assert sum(count > 0 for count in bars.counts) > 6


def test_the_last_bar_of_prices_is_chosen_by_what_is_dearer_than_it_says() -> None:
    bars = price_bars(np.array([*range(2000, 4400, 120), 200_000], np.int64))
    assert [row.checked for row in price_rows(bars, Query(low=100_000))] == [False] * 11 + [True]
    assert all(row.checked for row in price_rows(bars, Query(low=2000, high=200_000)))
