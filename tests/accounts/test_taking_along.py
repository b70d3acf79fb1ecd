"""What somebody has given the shop is taken along as JSON, and nothing of others."""

import json

from app.accounts.owners import Owner
from app.delivery import address_book
from app.delivery.addresses import PostalAddress
from app.orders.return_asking import ask
from tests.accounts.people import EMAIL, Client, entered, person
from tests.accounts.test_leaving import DECIDED, SUPPLIERS, bought
from tests.checkout.shopping import fill_cart, words
from tests.orders.sending import arrived, line_ids, paid
from tests.world import World

# In which part of the document each table comes that holds something of a person; or why in none.
TAKEN = {
    "account": "account",
    "session": "devices",
    "saved_address": "addresses",
    "cart": "cart",
    "checkout": "checkout",
    "wishlist": "wishlists",
    "shop_order": "orders",
    "invoice": "orders",
    "discount_use": "orders",
    "order_return": "returns",
    "activity": "activity",
    "personal_choice": "choices",
    "review": "reviews",
    "review_vote": "review_votes",
    "review_report": "review_reports",
}
OURS = {
    "review_move", "credit_note", "wish_digest", "joined_visitor", "shopper_interest", "recommended_list", "mail",
    "sign_in_failure", "account_try", "application_try", "tax_rate", "discount_code",
}  # fmt: skip  # what we made, concluded or count ourselves


async def test_every_table_with_something_of_a_person_is_taken_along_or_ours(client: Client) -> None:
    shoppers = {table for table, becomes in DECIDED.items() if becomes != SUPPLIERS}
    assert shoppers == set(TAKEN) | OURS, "say in TAKEN where it comes, or in OURS that nobody gave it to us"
    await entered(client)
    document = json.loads((await client.post("/account/export")).text)
    assert set(TAKEN.values()) <= set(document)


async def test_a_list_without_anything_is_taken_along(client: Client) -> None:
    await entered(client)
    await client.post("/wishlists", data={"new_name": "Birthday"})
    document = json.loads((await client.post("/account/export")).text)
    assert [(row["list"], row["name"]) for row in document["wishlists"]][-1] == ("Birthday", None)


async def test_an_order_s_sums_add_up_and_its_invoice_is_named(client: Client, world: World) -> None:
    ana = Owner(await entered(client), None)
    await paid(world, await world.product(), owner=ana)
    (order,) = json.loads((await client.post("/account/export")).text)["orders"]
    assert order["total_minor"] == order["items_minor"] + order["delivery_minor"] - order["discount_minor"]
    assert order["invoice"].startswith("FT ")


async def test_a_return_says_what_went_back(client: Client, world: World) -> None:
    order = await paid(world, await world.product(), owner=Owner(await entered(client), None))
    await arrived(order)
    await ask(order.id, {(await line_ids(order))[0]: 1}, "broken", "")
    (returned,) = json.loads((await client.post("/account/export")).text)["returns"]
    assert [(line["name"], line["pieces"]) for line in returned["lines"]] == [("Alcova desk lamp", 1)]


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
