"""/p/{slug}: variants, sellers, the promise, and where its data comes from."""

import json
import re
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from redis.exceptions import RedisError

from app.events.event import Event
from app.infra import clock, database, outages, redis
from app.infra.database import execute, fetch
from app.infra.settings import settings
from app.storefront import products
from app.storefront.events import drop_stale
from tests.accounts.people import Client, person, sign_in
from tests.search.conftest import Reindex
from tests.world import World

LISBOA = {"cookie": "feira_postcode=1200-109"}
MONDAY = datetime(2026, 11, 23, 10, 47, tzinfo=UTC)


def event(product: int) -> Event:
    return Event(uuid4(), "products", "k", {"products": [product]})


async def test_the_page_says_day_cut_off_cost_and_stock(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    made = await world.product(stock={"LIS": 14}, price_minor=4890)
    with clock.frozen(MONDAY):
        page = (await client.get(f"/p/{made.slug}", headers=LISBOA)).text
    assert '<time class="promise-day" datetime="2026-11-24">' in page
    assert "Order within <b>4 h 13 min</b>" in page
    assert "€3.90 delivery from Oficina do Vale." in page
    assert "In stock, 14 pieces." in page
    assert f'name="offer" value="{made.offer}"' in page
    assert "Add your postcode" in (await client.get(f"/p/{made.slug}")).text


async def test_other_sellers_are_compared(world: World, reindex: Reindex, client: httpx.AsyncClient) -> None:
    made = await world.product(price_minor=4890, stock={"OPO": 5})
    await world.offer(made.variant, supplier="Três Irmãs", price_minor=5400, stock={"LIS": 5})
    with clock.frozen(MONDAY):
        page = (await client.get(f"/p/{made.slug}", headers=LISBOA)).text
    assert "2 sellers have it" in page
    assert page.count('<a class="ink" href="/search?supplier=oficina-do-vale">Oficina do Vale</a>') == 2
    assert 'Sooner: <a href="#offers">Tue 24 Nov from Três Irmãs</a>, €54.00 with delivery.' in page
    assert page.index("Lowest price") < page.index("Soonest")


async def test_a_seller_who_has_fewer_than_are_wanted_is_not_named_as_sooner(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    made = await world.product(price_minor=4890, stock={"OPO": 5})
    await world.offer(made.variant, supplier="Três Irmãs", price_minor=5400, stock={"LIS": 2})
    with clock.frozen(MONDAY):
        for quantity, said in ((2, "Tue 24 Nov from Três Irmãs</a>, €108.00 for 2 with delivery."), (3, "")):
            page = (await client.get(f"/p/{made.slug}?quantity={quantity}", headers=LISBOA)).text
            assert ("Sooner: " in page) == ("Soonest</span>" in page) == bool(said) and said in page


async def test_a_variant_is_a_link(world: World, reindex: Reindex, client: httpx.AsyncClient) -> None:
    made = await world.product(options={"Colour": "Bottle green", "Base": "Clamp"}, price_minor=5000)
    (row,) = await fetch(
        """INSERT INTO variant (product, sku, options, image, note)
           VALUES ($1, 'SECOND', '{"Colour": "Ink blue", "Base": "Clamp"}', '/art/lamp-task-ink.svg', '')
           RETURNING id""",
        made.product,
    )
    await world.offer(row["id"], price_minor=6000, stock={})
    page = (await client.get(f"/p/{made.slug}")).text
    assert f'href="/p/{made.slug}?variant=SECOND"' in page
    assert "<s>Ink blue</s> sold out" in page
    assert ">Base" not in page  # there is only one
    fragment = (await client.get(f"/p/{made.slug}?variant=SECOND", headers={"hx-request": "true"})).text
    assert 'id="product"' in fragment
    assert "<header" not in fragment
    assert "/art/lamp-task-ink-close.svg" in fragment
    assert "This one is sold out" in fragment
    assert (await client.get(f"/p/{made.slug}?variant=%00nope")).status_code == 200


@pytest.mark.parametrize(
    ("query", "shown"),
    [("quantity=2&more=1", 3), ("quantity=1&less=1", 1), ("quantity=99", 5), ("quantity=%D9%A3x", 1)],
)
async def test_the_quantity_stays_between_one_and_what_there_is(
    world: World, reindex: Reindex, client: httpx.AsyncClient, query: str, shown: int
) -> None:
    made = await world.product(stock={"LIS": 5})
    assert f'name="quantity" value="{shown}"' in (await client.get(f"/p/{made.slug}?{query}")).text


async def test_the_second_view_comes_from_redis(world: World, reindex: Reindex, client: httpx.AsyncClient,
                                                monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(settings(), "show_query_count", True)
    made = await world.product()
    await client.get(f"/p/{made.slug}")
    products.forget()
    answer = await client.get(f"/p/{made.slug}")
    assert answer.headers["x-query-count"] == "0"


async def test_a_change_drops_what_was_kept(world: World, reindex: Reindex, client: httpx.AsyncClient) -> None:
    made = await world.product(price_minor=4890)
    await client.get(f"/p/{made.slug}")
    (stale,) = await redis.cached([products.key(made.slug)])
    assert stale
    await execute("UPDATE offer SET price_minor = 4100 WHERE id = $1", made.offer)
    await drop_stale([event(made.product)])
    products.forget()
    # a page that read before the change and is only now done puts the old data back: it does not count
    await redis.cache({products.key(made.slug): stale}, 60)
    assert '€41<span class="price-cents">.00' in (await client.get(f"/p/{made.slug}")).text


async def test_a_page_without_redis_comes_from_postgresql(
    world: World, reindex: Reindex, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await world.product()
    await redis.close()
    monkeypatch.setattr(settings(), "redis_url", "redis://127.0.0.1:1/0")
    try:
        assert (await client.get(f"/p/{made.slug}")).status_code == 200
        with pytest.raises((RedisError, OSError)):
            await drop_stale([event(made.product)])  # the event comes again
    finally:
        await redis.close()
        monkeypatch.undo()
        redis._down_until = 0.0


async def test_a_page_without_postgresql_comes_from_redis(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    made = await world.product()
    await reindex()
    await client.get(f"/p/{made.slug}", headers=LISBOA)
    products.forget()
    await database.close_pool()
    for address in (f"/p/{made.slug}", "/search?q=lamp", "/", "/c/lighting"):
        assert (await client.get(address, headers=LISBOA)).status_code == 200, address
    assert (await client.get("/p/not-kept")).status_code == 503


async def test_pages_that_can_do_without_postgresql_do_not_wait_for_one_that_stands_still(
    world: World, reindex: Reindex, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await world.product()
    await reindex()
    await person()
    await sign_in(client)
    pages = (f"/p/{made.slug}", "/search?q=lamp", "/", "/c/lighting")
    for address in pages:
        await client.get(address)
    await database.close_pool()
    await database.open_pool(1)
    waited = list[str]()
    async with database.borrowed():  # nobody else gets a connection
        monkeypatch.setattr(database, "ACQUIRE_SECONDS", 0.05)
        outages.note(away=True)
        monkeypatch.setattr(
            outages, "give_up_waiting", lambda _: waited.append(address) if outages.page_queries.get() else None
        )
        for address in pages:
            assert (await client.get(address)).status_code == 200, address
    outages.note(away=False)
    assert waited == []


async def test_what_nobody_sells_any_more_is_gone_with_a_way_on(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    made = await world.product("Alcova desk lamp")
    await world.product("Lousa desk lamp")
    await execute("UPDATE offer SET withdrawn_at = now() WHERE id = $1", made.offer)
    await reindex()
    answer = await client.get(f"/p/{made.slug}")
    assert answer.status_code == 404
    assert "Nobody here sells it any more" in answer.text
    assert "Lousa desk lamp" in answer.text


async def test_linked_data_is_valid_and_cannot_leave_its_script(
    world: World, reindex: Reindex, client: httpx.AsyncClient
) -> None:
    made = await world.product("Lamp </script><b>&")
    page = (await client.get(f"/p/{made.slug.replace('/', '%2F')}")).text
    if "ld+json" not in page:  # its slug is no address; the name is what matters here
        await execute("UPDATE product SET slug = 'lamp' WHERE id = $1", made.product)
        page = (await client.get("/p/lamp")).text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found
    data = json.loads(found[1])
    assert data["name"] == "Lamp </script><b>&"
    assert data["offers"][0]["price"] == "48.90"


async def test_a_link_that_somebody_sends_shows_the_product_and_its_sellers_picture(
    world: World, client: httpx.AsyncClient
) -> None:
    lamp = await world.product('Lamp 15" & more')
    drawn = (await client.get(f"/p/{quote(lamp.slug)}")).text
    assert '<meta property="og:title" content="Lamp 15&#34; &amp; more">' in drawn
    assert "og:image" not in drawn  # messengers show no SVG
    pot = await world.product("Pot")
    await execute("UPDATE product SET image = $2 WHERE id = $1", pot.product, f"/pictures/{'a' * 32}/lamp-task-bottle")
    taken = (await client.get(f"/p/{pot.slug}")).text
    root = settings().public_url
    assert f'<meta property="og:url" content="{root}/p/{pot.slug}">' in taken
    assert f'<meta property="og:image" content="{root}/pictures/{"a" * 32}/lamp-task-bottle?w=640">' in taken
