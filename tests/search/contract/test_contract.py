"""What every search engine does, whatever it is made of: asked through its interface, told by counting products."""

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest

from app.reviews.ratings import mean
from app.search.arrivals import Arrivals
from app.search.attribute_facets import Choice
from app.search.documents import Document, Entry
from app.search.query import Query
from tests.search.contract.conftest import Made
from tests.search.contract.goods import Rule, counted, day, entry, rated


def is_rated(document: Document, least: int) -> bool:
    """Whether its average, as a card shows it, is at least so much."""
    shown = mean(document.stars, document.reviews)
    return shown is not None and shown >= least


FILTERS: dict[str, tuple[dict[str, Any], Rule]] = {
    "category": ({"category": "home/light"}, lambda d: d.categories[-1][0] == "home/light"),
    "everything below a category": ({"category": "home"}, lambda d: True),
    "brands": ({"brands": ("Brasa", "Duna")}, lambda d: d.brand in ("Brasa", "Duna")),
    "suppliers": ({"suppliers": ("vale",)}, lambda d: ("vale", "Vale") in d.suppliers),
    "colours": ({"colours": ("Grey",)}, lambda d: "Grey" in d.colours),
    "price": ({"low": 2000, "high": 3000}, lambda d: 2000 <= d.price_minor <= 3000),
    "rating": ({"rating": 3}, lambda d: is_rated(d, 3)),
    "stock": ({"in_stock": True}, lambda d: bool(d.stock)),
    "several": (
        {"brands": ("Cinza",), "in_stock": True, "high": 3000},
        lambda d: d.brand == "Cinza" and bool(d.stock) and d.price_minor <= 3000,
    ),
    "nothing": ({"low": 9000}, lambda d: False),
}
SORTS: dict[str, Callable[[Document], int]] = {
    "price": lambda d: d.price_minor,
    "price-down": lambda d: -d.price_minor,
    "newest": lambda d: -d.created_at,
}


def numbers(documents: list[Document]) -> list[int]:
    return sorted(each.product for each in documents)


def counts(choices: tuple[Choice, ...]) -> dict[str, int]:
    return {choice.key: choice.count for choice in choices}


async def test_a_query_finds_what_has_all_of_its_words(made: Made, goods: list[Document]) -> None:
    found = await made.every(Query(q="Oaken LANTERNS"))
    assert found
    assert numbers(found) == numbers([each for each in goods if "oaken lantern" in each.name])
    assert await made.engine.count(Query(q="oaken lantern")) == (len(found), True)


async def test_where_nothing_has_all_words_those_with_some_are_found_and_it_is_said(
    made: Made, goods: list[Document]
) -> None:
    query = Query(q="lantern mug", reading="typed")
    result = await made.engine.search(query)
    assert not result.every_word
    assert numbers(await made.every(query)) == numbers([d for d in goods if "lantern" in d.name or "mug" in d.name])


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("text", ["", "oaken"])
async def test_a_filter_leaves_what_it_says(made: Made, goods: list[Document], name: str, text: str) -> None:
    asked, rule = FILTERS[name]
    left = [each for each in goods if rule(each) and text in each.name]
    assert numbers(await made.every(Query(q=text, **asked))) == numbers(left)
    assert (await made.engine.count(Query(q=text, **asked)))[0] == len(left)


@pytest.mark.parametrize("name", FILTERS)
async def test_facets_count_what_a_click_would_leave(made: Made, goods: list[Document], name: str) -> None:
    """Each is counted with the other filters applied, its own left out."""
    asked, _ = FILTERS[name]
    facets = (await made.engine.search(Query(**asked))).facets

    def others(own: str) -> list[Document]:
        rest = {key: value for key, value in asked.items() if key != own}
        return [d for d in goods if _passes(d, rest)]

    assert counts(facets.brands) == counted(others("brands"), lambda d: [d.brand])
    assert counts(facets.suppliers) == counted(others("suppliers"), lambda d: [slug for slug, _ in d.suppliers])
    assert counts(facets.colours) == counted(others("colours"), lambda d: d.colours)
    assert counts(facets.categories) == counted(others("category"), lambda d: [path for path, _ in d.categories])
    assert dict(facets.ratings) == {least: sum(is_rated(d, least) for d in others("rating")) for least in (4, 3, 2, 1)}
    assert facets.in_stock == sum(bool(d.stock) for d in others("in_stock"))


def _passes(d: Document, asked: dict[str, Any]) -> bool:
    return (
        asked.get("category", "home") in [path for path, _ in d.categories]
        and (not asked.get("brands") or d.brand in asked["brands"])
        and (not asked.get("suppliers") or any(slug in asked["suppliers"] for slug, _ in d.suppliers))
        and (not asked.get("colours") or any(colour in asked["colours"] for colour in d.colours))
        and asked.get("low", 0) <= d.price_minor <= asked.get("high", 10**9)
        and (not asked.get("rating") or is_rated(d, asked["rating"]))
        and (not asked.get("in_stock") or bool(d.stock))
    )


@pytest.mark.parametrize("sort", ["best", *SORTS])
@pytest.mark.parametrize("text", ["", "oaken"])
async def test_every_product_stands_on_one_page_also_among_equals(
    made: Made, goods: list[Document], sort: str, text: str
) -> None:
    query = Query(q=text, sort=sort, size=7)
    found = await made.every(query)
    assert numbers(found) == numbers([each for each in goods if text in each.name])
    if sort in SORTS:
        keys = [SORTS[sort](each) for each in found]
        assert keys == sorted(keys)
    assert [each.product for each in await made.every(query)] == [each.product for each in found]


@pytest.mark.parametrize("text", ["", "oaken"])
async def test_the_best_rated_come_first_few_reviews_count_less_and_none_come_last(
    made: Made, goods: list[Document], text: str
) -> None:
    shops_mean = sum(d.stars for d in goods) / sum(d.reviews for d in goods)
    found = await made.every(Query(q=text, sort="rating", size=9))
    assert numbers(found) == numbers([each for each in goods if text in each.name])
    keys = [round(rated(each, shops_mean), 9) for each in found]
    assert keys == sorted(keys, reverse=True)
    assert [d.reviews > 0 for d in found] == sorted([d.reviews > 0 for d in found], reverse=True)


async def test_one_review_of_five_stars_does_not_win_against_many_that_are_nearly_as_good(made: Made) -> None:
    made.put([rated_entry(201, 5, 1), rated_entry(202, 47 * 5 + 3 * 4, 50), rated_entry(203, 0, 0)])
    found = await made.every(Query(q="pewter jug", sort="rating"))
    assert [each.product for each in found] == [202, 201, 203]


def rated_entry(product: int, stars: int, reviews: int) -> Entry:
    made = entry(product, "Pewter jug")
    return msgspec.structs.replace(made, document=msgspec.structs.replace(made.document, stars=stars, reviews=reviews))


async def test_a_page_behind_the_last_is_the_last(made: Made) -> None:
    last = await made.engine.search(Query(size=50, page=99))
    assert (last.page, last.pages, len(last.documents)) == (3, 3, 20)


async def test_what_arrives_first_and_by_a_day(made: Made, goods: list[Document], there: Arrivals) -> None:
    days = {each.product: day(each, there) for each in goods}
    known = sorted(found for found in days.values() if found)
    found = await made.every(Query(sort="arrives", size=9), there)
    assert [days[each.product] for each in found if days[each.product]] == known
    assert all(days[each.product] for each in found[: len(known)])  # what never arrives stands last
    first = date.fromordinal(known[0])
    by_then = [number for number, arrives in days.items() if arrives and arrives <= known[0]]
    assert numbers(await made.every(Query(by=first), there)) == by_then
    facets = (await made.engine.search(Query(), there)).facets
    assert dict(facets.days)[first] == len(by_then)


async def test_changes_and_deletions_are_seen_after_a_refresh(made: Made) -> None:
    assert made.writer.update([1, 2], [entry(1, "Pewter jug", version=2)])
    assert (await made.engine.count(Query()))[0] == 120
    assert made.engine.refresh()
    assert not made.engine.refresh()
    assert [(d.product, d.version) for d in await made.every(Query(q="pewter jug"))] == [(1, 2)]
    assert numbers(await made.every(Query())) == [1, *range(3, 121)]


async def test_the_answer_is_the_same_whether_built_at_once_or_change_by_change(made: Made) -> None:
    for product in range(1, 30):
        made.put([entry(product, "Pewter jug", version=2)])
        made.put([entry(product, version=3)])
    queries = [Query(size=20), Query(q="oaken lantern"), Query(q="lousa", in_stock=True), Query(sort="price", page=2)]
    before = [await made.engine.search(query) for query in queries]
    made.begin()
    made.put([entry(product, version=3 if product < 30 else 1) for product in range(1, 121)])
    for query, old in zip(queries, before, strict=True):
        new = await made.engine.search(query)
        assert (new.total, new.documents, new.facets) == (old.total, old.documents, old.facets), query
