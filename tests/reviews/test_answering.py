"""A seller answers reviews of what he sold, in public."""

from app.accounts.owners import Owner
from app.infra.database import fetch
from app.reviews.answering import reviews_for
from app.reviews.writing import Draft, withdraw, write
from app.storefront import products
from tests.accounts.people import Client, person, sign_in
from tests.admin.delivering import as_operator
from tests.reviews.buying import buyer, id_of, reviewed
from tests.search.conftest import Reindex
from tests.world import Goods, World

SELLER = "vale@example.pt"


async def at_the_desk(world: World, client: Client, name: str = "Oficina do Vale", email: str = SELLER) -> Client:
    await person(email, "supplier", await world.supplier(name))
    await sign_in(client, email=email)
    return client


async def sold(world: World) -> tuple[Owner, Goods, int]:
    lamp = await world.product(stock={"LIS": 20})
    marta = await buyer(world, lamp)
    await write(marta, lamp.product, Draft(2, "Short cord", "It does not reach."))
    return marta, lamp, await id_of(marta, lamp)


async def test_the_seller_answers_and_everybody_reads_it(world: World, reindex: Reindex, client: Client) -> None:
    _, lamp, review = await sold(world)
    await at_the_desk(world, client)
    page = (await client.get("/supplier/reviews?unanswered=1")).text
    assert "Short cord" in page and "Not answered, 1" in page
    said = "<b>Sorry.</b>\r\nThe next lot has three metres."
    answer = await client.post(f"/supplier/reviews/{review}/answer", data={"answer": said})
    assert "Your answer is shown" in answer.text and "Not answered, 0" in answer.text
    products.forget()
    for address in (f"/p/{lamp.slug}", f"/p/{lamp.slug}/reviews"):
        text = (await client.get(address)).text
        assert "<b>Oficina do Vale</b>, who sold it, answered on <time" in text and "&lt;b&gt;Sorry." in text
    await client.post(f"/supplier/reviews/{review}/answer", data={"answer": ""})
    assert (await fetch("SELECT answer, answered_at FROM review"))[0]["answered_at"] is None


async def test_what_cannot_be_shown_is_refused_and_not_lost(world: World, client: Client) -> None:
    _, _, review = await sold(world)
    await at_the_desk(world, client)
    for said, why in (("Write to me@vale.example", "e-mail address"), ("y" * 1001, "at most 1000")):
        answer = await client.post(f"/supplier/reviews/{review}/answer", data={"answer": said})
        assert answer.status_code == 422 and why in answer.text and said in answer.text
    assert (await fetch("SELECT answer FROM review"))[0]["answer"] == ""


async def test_another_seller_of_the_product_does_not_answer(world: World, client: Client) -> None:
    _, lamp, review = await sold(world)
    await world.offer(lamp.variant, supplier="Casa Pratas")
    await at_the_desk(world, client, "Casa Pratas")
    assert (await client.post(f"/supplier/reviews/{review}/answer", data={"answer": "No."})).status_code == 404
    assert "Short cord" not in (await client.get("/supplier/reviews")).text
    assert (await client.post(f"/supplier/reviews/{'9' * 30}/answer", data={"answer": "No."})).status_code == 404


async def test_an_answer_goes_with_its_review_and_by_an_operator(world: World, client: Client) -> None:
    marta, lamp, review = await sold(world)
    await at_the_desk(world, client)
    await client.post(f"/supplier/reviews/{review}/answer", data={"answer": "You are wrong."})
    client.cookies.clear()
    await as_operator(client)
    assert "You are wrong." in (await client.get(f"/admin/reviews/{review}")).text
    for said in ("The answer is gone", "There was no answer"):
        assert said in (await client.post(f"/admin/reviews/{review}/answer/removal")).text
    await withdraw(marta, lamp.product)
    assert (await fetch("SELECT answer FROM review"))[0]["answer"] == ""


async def test_the_list_comes_in_pages(world: World) -> None:
    lamp = await world.product(stock={"LIS": 60})
    ids = await reviewed(world, lamp, *[4] * 23, text="Good.")
    supplier = await world.supplier()
    first = await reviews_for(supplier)
    second = await reviews_for(supplier, after=first.after)
    assert [row["id"] for row in (*first.rows, *second.rows)] == ids[::-1]
    assert (second.after, first.unanswered) == (0, 23)
    assert (await reviews_for(await world.supplier("Casa Pratas"))).rows == []
