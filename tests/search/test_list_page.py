"""What the page of a list says of a query, and how it is narrowed by what products say of themselves."""

import html
import re
from urllib.parse import unquote

import httpx

from app.infra import clock
from app.infra.database import execute
from tests.delivery.portugal import at
from tests.search.conftest import Reindex
from tests.world import World


async def lamps(world: World, reindex: Reindex) -> None:
    for n, material in enumerate(["Brass", "Oak", "Oak", "Steel"]):
        await world.product(f"Alcova lamp {n}", brand="Alcova", attributes={"Material": material})
    await world.product("Barro lamp", brand="Barro", note="Goes with Alcova.", attributes={"Material": "Brass"})
    await reindex()


async def test_attributes_narrow_a_list_and_are_chips_that_take_themselves_off(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    await lamps(world, reindex)
    everything = (await client.get("/search?q=lamp")).text
    assert 'name="attr.material" value="oak"' in everything
    oak = (await client.get("/search?q=lamp&attr.material=oak")).text
    assert "Alcova lamp 1" in oak and "Alcova lamp 0" not in oak
    assert '<a class="chip" href="/search?q=lamp">Material: Oak' in oak


async def test_a_brand_read_out_of_the_words_is_a_chip_whose_removal_takes_the_words_as_words(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    await lamps(world, reindex)
    narrowed = (await client.get("/search?q=alcova+lamp")).text
    assert '<a class="chip" href="/search?q=alcova+lamp&amp;as=words">Brand: Alcova' in narrowed
    assert "Barro lamp" not in narrowed
    assert "Barro lamp" in (await client.get("/search?q=alcova+lamp&as=words")).text


async def test_what_was_read_out_of_the_words_is_chosen_among_the_filters_and_is_cleared_with_them(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    await lamps(world, reindex)
    page = (await client.get("/search?q=alcova+lamp&min=5")).text
    assert 'name="brand" value="Alcova" checked' in page and '<input type="hidden" name="as" value="words">' in page
    assert '<a class="chips-clear" href="/search?q=alcova+lamp&amp;as=words">' in page
    other = (await client.get("/search?q=alcova+lamp&as=words&brand=Barro")).text  # what the form then sends
    assert "Barro lamp" in other and "Alcova lamp" not in other


async def test_of_two_that_were_read_out_of_the_words_the_one_that_is_not_taken_off_stays(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    await lamps(world, reindex)
    page = (await client.get("/search?q=alcova+lighting")).text
    assert 'href="/search?q=alcova+lighting&amp;category=lighting&amp;as=words">Brand: Alcova' in page
    assert 'href="/search?q=alcova+lighting&amp;brand=Alcova&amp;as=words">Category: Lighting' in page


async def test_a_reading_once_chosen_stays_while_filters_change(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    await lamps(world, reindex)
    page = (await client.get("/search?q=alcova+lamp&as=words")).text
    assert '<input type="hidden" name="as" value="words">' in page


async def test_a_corrected_spelling_is_said_and_can_be_declined(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    await lamps(world, reindex)
    page = (await client.get("/search?q=alcva+lamp")).text
    assert "Showing results for <b>alcova lamp</b>" in page
    assert 'href="/search?q=alcva+lamp&amp;as=typed"' in page
    typed = (await client.get("/search?q=alcva+lamp&as=typed")).text
    assert "Showing results for" not in typed and "No product has all of these words" in typed


async def test_ratings_narrow_and_sort_a_list_and_are_a_chip(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    good = await world.product("Alcova lamp")
    fair = await world.product("Barro lamp")
    await world.product("Corvo lamp")
    await reindex()
    plain = (await client.get("/search?q=lamp")).text
    assert 'name="rating"' not in plain and "Best rated" not in plain  # nobody has reviewed anything
    for made, stars in ((good, [5, 5, 4]), (fair, [3])):
        await execute(
            "INSERT INTO review (product, stars, state, written_at) SELECT $1, unnest($2::int[]), 'shown', now()",
            made.product,
            stars,
        )
    await reindex()
    everything = (await client.get("/search?q=lamp")).text
    assert '<b>4.7</b><span class="vh"> out of 5</span> (3' in everything
    assert re.search(
        r'type="radio" id="rating-4" name="rating" value="4"><span>4 stars and up</span><span class="num">1<',
        everything,
    )
    assert re.search(r'value="3"><span>3 stars and up</span><span class="num">2<', everything)
    narrowed = (await client.get("/search?q=lamp&rating=4&attr.x=&rating=9")).text
    assert "Alcova lamp" in narrowed and "Barro lamp" not in narrowed and "Corvo lamp" not in narrowed
    assert '<a class="chip" href="/search?q=lamp">4 stars and up' in narrowed
    assert 'value="4" checked' in narrowed and 'href="/search?q=lamp&amp;rating=4&amp;sort=price"' in narrowed
    by_rating = (await client.get("/search?q=lamp&sort=rating")).text
    places = [by_rating.index(f">{name} lamp</a>") for name in ("Alcova", "Barro", "Corvo")]
    assert places == sorted(places)
    for strange in ("rating=0", "rating=5", "rating=%00", "rating=four", "rating=" + "9" * 400):
        assert "Corvo lamp" in (await client.get(f"/search?q=lamp&{strange}")).text
    in_category = (await client.get("/c/lighting?rating=3&sort=rating")).text
    assert '<a class="chip" href="/c/lighting?sort=rating">3 stars and up' in in_category


async def test_a_list_is_sorted_by_price_both_ways(world: World, reindex: Reindex, client: httpx.AsyncClient) -> None:
    await world.product("Cheap lamp", price_minor=100)
    await world.product("Dear lamp", price_minor=900)
    await reindex()
    page = (await client.get("/search?q=lamp&sort=price-down")).text
    assert page.index("Dear lamp") < page.index("Cheap lamp")
    assert ">Highest price</a>" in page


async def test_the_ends_of_the_prices_are_named(world: World, reindex: Reindex, client: httpx.AsyncClient) -> None:
    for name, price in (("Alcova lamp", 2450), ("Barro lamp", 11_750)):
        await world.product(name, price_minor=price)
    await reindex()
    page = (await client.get("/search?q=lamp")).text
    assert "<span>€24</span>" in page and "<span>€118</span>" in page
    assert "bars-ends" not in (await client.get("/search?q=alcova")).text


async def test_many_values_unfold_and_a_chosen_one_among_them_is_in_sight(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    for n in range(12):
        await world.product(f"Lamp {n}", brand=f"Brand {n:02}")
    await reindex()
    page = (await client.get("/search?q=lamp")).text
    assert (
        '<details class="facet-rest" id="more-brand"><summary class="facet-more"><span class="is-folded">6 more' in page
    )
    assert (
        '<details class="facet-rest" id="more-brand" open>' in (await client.get("/search?q=lamp&brand=Brand+11")).text
    )


async def test_who_follows_a_link_to_a_day_without_a_postcode_is_asked_for_it(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    await world.product("Alcova lamp", stock={"LIS": 5})
    await reindex()
    with clock.frozen(at("2026-11-24 10:00")):
        page = (await client.get("/search?q=lamp&by=2026-11-25")).text
        assert "Add your postcode</a> to see what arrives by Wed 25 Nov." in page
        back = html.unescape(re.findall(r'href="/delivery/postcode\?next=([^"]+)">Add your postcode', page)[0])
        answer = await client.post("/delivery/postcode", data={"postcode": "1200-109", "next": unquote(back)})
        assert answer.url.params["by"] == "2026-11-25" and "1 of 1 products arrives by Wed 25 Nov" in answer.text


async def test_a_postcode_that_is_not_served_is_said_on_list_and_product(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    made = await world.product("Alcova lamp")
    await reindex()
    client.cookies.set("feira_postcode", "0000-000")
    page = (await client.get("/search?q=lamp")).text
    assert "We do not deliver to <b>0000-000</b> yet" in page
    assert "no delivery" in page and "Arrives first" not in page and 'class="arrives-by"' not in page
    assert "no delivery" in (await client.get(f"/p/{made.slug}")).text
    client.cookies.set("feira_postcode", "nonsense")
    assert "add a postcode" in (await client.get("/search?q=lamp")).text
