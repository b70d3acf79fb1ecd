"""Home and product page say what a price was before, only where that is so."""

from datetime import timedelta

import httpx
import pytest

from app.infra.clock import now
from app.infra.database import count_queries, execute
from app.storefront import price_drops, products
from tests.search.conftest import Reindex
from tests.world import Goods, World


async def reduced(goods: Goods, before: int | None, after: int, *, days_ago: float = 2) -> None:
    """As the history of prices tells it."""
    since = now() - timedelta(days=days_ago)
    await execute("UPDATE offer SET price_minor = $2, updated_at = $3 WHERE id = $1", goods.offer, after, since)
    await execute("DELETE FROM price_history WHERE offer = $1", goods.offer)
    await execute(
        "INSERT INTO price_history (offer, price_minor, prior_minor, since) VALUES ($1, $2, $3, $4)",
        goods.offer,
        after,
        before,
        since,
    )


@pytest.fixture
async def market(world: World, reindex: Reindex) -> list[Goods]:
    made = [await world.product(f"Lamp {number}", price_minor=5000) for number in range(5)]
    for number, goods in enumerate(made):
        await reduced(goods, 5000, 4000 - number * 100)
    return made


async def test_home_shows_the_largest_drops_first_with_the_price_before_struck(
    market: list[Goods], reindex: Reindex, client: httpx.AsyncClient
) -> None:
    await reindex()
    shelf = (await client.get("/")).text.partition("Price drops</h2>")[2].partition("</section>")[0]
    places = [shelf.index(f'href="/p/{goods.slug}"') for goods in reversed(market)]
    assert places == sorted(places)
    assert shelf.count("</span>€50.00</s>") == 5
    assert "The struck price is the lowest of the 30 days before." in shelf


async def test_fewer_than_four_drops_are_no_shelf(
    market: list[Goods], reindex: Reindex, client: httpx.AsyncClient
) -> None:
    await execute("UPDATE stock SET on_hand = 0 WHERE offer = ANY($1)", [goods.offer for goods in market[:2]])
    await reindex()
    assert "Price drops" not in (await client.get("/")).text


async def test_a_drop_of_an_offer_that_is_not_the_best_is_not_shown(world: World, market: list[Goods]) -> None:
    await world.offer(market[0].variant, price_minor=1000)
    price_drops.forget()
    shelf = await price_drops.price_drops()
    assert market[0].slug not in [each.slug for each in shelf.documents]
    assert len(shelf.documents) == 4


async def test_the_shelf_asks_the_database_nothing_once_it_is_in_memory(market: list[Goods]) -> None:
    price_drops.forget()
    await price_drops.price_drops()
    counted = count_queries()
    assert len((await price_drops.price_drops()).documents) == 5
    assert counted.value == 0


@pytest.mark.parametrize(
    ("listed", "before", "struck", "said"),
    [
        (None, 5000, "€50.00", "€50.00 was the lowest price of the 30 days before."),
        (5000, 5000, "€50.00", "€50.00 was the lowest price of the 30 days before."),
        (9900, None, "€99.00", "€99.00 is the list price that Oficina do Vale names.</span>"),
        (9900, 3800, "€99.00", "that Oficina do Vale names. Lowest price of the 30 days before: €38.00."),
    ],
    ids=["what it cost before", "both the same", "a list price", "a list price, and what it really cost before"],
)
async def test_the_product_page_says_what_the_struck_price_is(
    world: World, client: httpx.AsyncClient, listed: int | None, before: int | None, struck: str, said: str
) -> None:
    products.forget()
    lamp = await world.product(price_minor=5000, list_price_minor=listed)
    await reduced(lamp, before, 4000)
    page = (await client.get(f"/p/{lamp.slug}")).text
    assert f"</span>{struck}</s>" in page
    assert said in page


@pytest.mark.parametrize(("before", "days_ago"), [(3800, 2), (5000, 31)], ids=["dearer now", "30 days old"])
async def test_a_price_that_is_not_reduced_stands_alone(
    world: World, reindex: Reindex, client: httpx.AsyncClient, before: int, days_ago: float
) -> None:
    lamp = await world.product(price_minor=5000)
    await reduced(lamp, before, 4000, days_ago=days_ago)
    page = (await client.get(f"/p/{lamp.slug}")).text
    assert "price-was" not in page and "30 days before" not in page
