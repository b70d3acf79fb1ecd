"""Somebody finds again what they have said, shown or not."""

from app.accounts.owners import Owner
from app.infra.database import execute
from app.reviews import reading
from app.reviews.writing import Draft, withdraw, write
from tests.accounts.people import Client, entered
from tests.reviews.buying import buyer, reviewed
from tests.world import World


async def test_all_that_an_account_has_reviewed_stands_on_one_page(client: Client, world: World) -> None:
    ana = Owner(await entered(client), None)
    lamp, mug, throw = [await world.product(name, stock={"LIS": 9}) for name in ("Lamp", "Mug", "Throw")]
    await buyer(world, lamp, mug, throw, owner=ana)
    await reviewed(world, lamp, 1, text="Of somebody else.")
    await write(ana, lamp.product, Draft(5, "", "Bright."))
    await write(ana, mug.product, Draft(2, "", "See www.elsewhere.example"))
    await write(ana, throw.product, Draft(1, "", "Scratches."))
    await withdraw(ana, throw.product)
    page = (await client.get("/account/reviews")).text
    assert "Bright." in page and "See www" in page and "Somebody reads it before" in page
    assert "Of somebody else" not in page and "Throw" not in page
    await execute("UPDATE review SET state = 'rejected', reason = 'An <b>advert</b>' WHERE product = $1", mug.product)
    assert "An &lt;b&gt;advert" in (await client.get("/account/reviews")).text
    assert f'href="/p/{mug.slug}/review"' in page


async def test_it_comes_in_pages(client: Client, world: World) -> None:
    ana = Owner(await entered(client), None)
    for number in range(reading.PAGE + 1):
        goods = await world.product(f"Lamp {number}")
        await buyer(world, goods, owner=ana)
        await write(ana, goods.product, Draft(4))
    page = (await client.get("/account/reviews")).text
    assert "Lamp 10" in page and ">Lamp 0<" not in page
    further = page.partition("/account/reviews?after=")[2].partition('"')[0]
    assert ">Lamp 0<" in (await client.get(f"/account/reviews?after={further}")).text


async def test_who_has_written_nothing_reads_where_reviews_begin(client: Client, world: World) -> None:
    await entered(client)
    assert "You have not reviewed anything yet" in (await client.get("/account/reviews")).text
