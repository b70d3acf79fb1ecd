"""What somebody has given the shop is taken along as JSON, and nothing of others."""

import json

from app.delivery import address_book
from app.delivery.addresses import PostalAddress
from tests.accounts.people import EMAIL, Client, entered, person
from tests.accounts.test_leaving import bought
from tests.checkout.shopping import fill_cart, words
from tests.world import World


async def test_what_was_given_is_taken_along_as_json(client: Client, world: World) -> None:
    account = await entered(client)
    await bought(client, world, "delivered")
    await address_book.add(account, PostalAddress("Ana", "", "Rua 1", "", "1200-109", "Lisboa"))
    await client.post("/wishlists", data={"new_name": "Birthday"})
    await fill_cart(client, await world.product("Barro mug"))
    answer = await client.post("/account/export")
    assert "attachment" in answer.headers["content-disposition"]
    document = json.loads(answer.text)
    assert document["account"]["email"] == EMAIL
    assert document["orders"][0]["lines"][0]["name"] == "Alcova desk lamp"
    assert document["addresses"][0]["line1"] == "Rua 1"
    assert document["cart"][0]["name"] == "Barro mug"
    assert set(document) >= {"devices", "wishlists", "activity", "reviews"}
    for secret in ("password", "token", "hash"):
        assert secret not in answer.text


async def test_nothing_of_others_is_taken_along(client: Client, world: World) -> None:
    other = await person("rui@example.pt")
    await address_book.add(other, PostalAddress("Rui", "", "Rua 7", "", "1200-109", "Lisboa"))
    await entered(client)
    answer = await client.post("/account/export")
    assert "rui" not in answer.text.lower() and "Rua 7" not in answer.text


async def test_taking_along_is_for_a_few_times_an_hour(client: Client) -> None:
    await entered(client)
    answers = [await client.post("/account/export") for _ in range(11)]
    assert answers[9].headers["content-type"].startswith("application/json")
    assert "several times already" in words(answers[10])
