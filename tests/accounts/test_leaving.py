"""Deleting an account: at once, with the password; orders stay without who ordered them, everything else goes."""

from typing import Any

import pytest

from app.accounts.telling import News
from app.delivery import address_book
from app.delivery.addresses import PostalAddress
from app.infra.database import execute, fetch, fetch_one
from app.orders.guests import open_as_guest
from tests.accounts.mailbox import letters
from tests.accounts.people import EMAIL, PASSWORD, Client, entered, is_in, person, sign_in
from tests.checkout.shopping import fill_cart, hidden, to_payment
from tests.world import World

SURE = {"password": PASSWORD, "sure": "on"}


# What becomes of each table that holds something of a person when the account is deleted. A new one must be decided on.
GOES = "its rows go with the account, by their foreign key"


STAYS_NAMELESS = "its rows stay, and say no more whose they were"


SUPPLIERS = "of a supplier or an operator, who cannot delete the account; a foreign key sees to that, too"


DECIDED = {
    "account": "its row goes",
    "session": GOES,
    "saved_address": GOES,
    "wishlist": GOES,
    "wish_digest": GOES,
    "cart": GOES,
    "joined_visitor": GOES,
    "checkout": "goes with its cart",
    "activity": GOES,
    "personal_choice": GOES,
    "shopper_interest": GOES,
    "review": STAYS_NAMELESS,  # "Verified buyer"
    "review_move": "an operator's, see review",
    "review_vote": GOES,
    "review_report": GOES,
    "recommended_list": "learned anew every quarter of an hour; product ids only",
    "sign_in_failure": "deleted, and swept after a quarter of an hour",
    "account_try": "keyed hashes, swept after a day",
    "application_try": "keyed hashes, swept after an hour",
    "shop_order": "stays for tax law, without account, e-mail address and telephone number",
    "order_return": "stays with its order, and waits for its end before the account can go",
    "invoice": "stays for tax law, whole",
    "credit_note": "stays for tax law, whole",
    "mail": "mails to the address are deleted; the others after 90 days",
    "supplier": SUPPLIERS,
    "supplier_application": SUPPLIERS,
    "supplier_decision": SUPPLIERS,
    "money_note": SUPPLIERS,
    "api_key": SUPPLIERS,
    "feed": SUPPLIERS,
    "feed_source": SUPPLIERS,
    "postcode_upload": SUPPLIERS,
    "delivery_change": SUPPLIERS,
    "exchange_rate_change": SUPPLIERS,
    "product_decision": SUPPLIERS,
    "tax_rate": STAYS_NAMELESS,
    "discount_code": STAYS_NAMELESS,
    "discount_use": "stays counted, without account and e-mail address",
    "synonym_version": SUPPLIERS,
    "synonym_dismissal": SUPPLIERS,
}


PERSONAL = (
    "account", "visitor", "facts",
    "email", "new_email", "recipient", "phone", "line1", "postcode", "device", "who", "sender",
    "contact_name", "username", "created_by", "person", "ip", "user_agent",
)  # fmt: skip


NOT_OF_A_PERSON = {"warehouse"}  # its postcode is our own


async def delete(client: Client, **more: str) -> Any:
    return await client.post("/account/deletion", data={**SURE, **more})


async def bought(client: Client, world: World, state: str) -> int:
    await fill_cart(client, await world.product(stock={"LIS": 9}))
    await client.post("/orders", data=hidden(await to_payment(client)))
    row = await fetch_one("UPDATE shop_order SET state = $1, phone = '912 345 678' RETURNING id", state)
    assert row
    return int(row["id"])


async def test_every_table_with_something_of_a_person_has_been_decided_on(db: None) -> None:
    rows = await fetch(
        """SELECT DISTINCT c.table_name AS name FROM information_schema.columns c JOIN information_schema.tables t
           USING (table_schema, table_name) WHERE table_schema = 'public' AND t.table_type = 'BASE TABLE'
             AND c.column_name = ANY($1) AND NOT (SELECT relispartition FROM pg_class
                                                  WHERE oid = format('%I', c.table_name)::regclass)""",
        list(PERSONAL),
    )
    referring = await fetch(
        "SELECT conrelid::regclass::text AS name FROM pg_constraint WHERE confrelid = 'account'::regclass"
        " AND conparentid = 0"
    )
    found = {row["name"].strip('"') for row in [*rows, *referring]} - NOT_OF_A_PERSON
    assert found - set(DECIDED) == set(), "say in DECIDED what becomes of them when an account is deleted"
    there_are = await fetch("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'")
    assert set(DECIDED) - {row["name"] for row in there_are} == set()


async def test_foreign_keys_do_what_was_decided(db: None) -> None:
    rows = await fetch(
        """SELECT conrelid::regclass::text AS name, confdeltype::text AS does FROM pg_constraint
           WHERE contype = 'f' AND confrelid = 'account'::regclass AND conparentid = 0"""
    )
    does = {row["name"].strip('"'): row["does"] for row in rows}
    for name, what in does.items():
        if DECIDED[name] == GOES:
            assert what == "c", name
        if DECIDED[name] == STAYS_NAMELESS:
            assert what == "n", name
        if DECIDED[name] == SUPPLIERS:
            assert what in "ar", name


async def test_the_account_goes_and_what_was_ordered_stays_without_it(client: Client, world: World) -> None:
    account = await entered(client)
    order = await bought(client, world, "delivered")
    await address_book.add(account, PostalAddress("Ana", "", "Rua 1", "", "1200-109", "Lisboa"))
    await fill_cart(client, await world.product())
    await client.post("/wishlists", data={"new_name": "Birthday"})
    answer = await delete(client)
    assert "Your account is deleted" in answer.text and answer.url.path == "/"
    assert not await is_in(client)
    for table in ("account", "session", "saved_address", "cart", "cart_line", "checkout", "wishlist"):
        assert await fetch(f"SELECT FROM {table}") == [], table
    (row,) = await fetch("SELECT * FROM shop_order")
    assert (row["id"], row["account"], row["visitor"], row["email"], row["phone"]) == (order, None, None, "", "")
    assert row["line1"] and row["total_minor"]
    assert [(letter.news, letter.to, letter.name) for letter in await letters()] == [(News.DELETED, EMAIL, "Ana")]
    assert (await sign_in(client)).status_code == 422


async def test_the_address_is_free_again_and_gets_nothing_of_before(client: Client, world: World) -> None:
    await entered(client)
    await bought(client, world, "delivered")
    await delete(client)
    again = await client.post("/sign-up", data={"name": "Ana", "email": EMAIL, "password": PASSWORD})
    assert again.status_code == 200
    await execute("UPDATE account SET email_confirmed_at = now()")
    await sign_in(client)
    assert await fetch("SELECT FROM shop_order WHERE account IS NOT NULL") == []


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"password": ""}, "Enter your password"),
        ({"password": "wrong"}, "does not match. Four tries left"),
        ({"sure": ""}, "Say that you want it gone for good"),
        ({"sure": "\x00"}, "Say that you want it gone for good"),
    ],
)
async def test_it_needs_the_password_and_a_clear_yes(client: Client, form: dict[str, str], said: str) -> None:
    await entered(client)
    answer = await delete(client, **form)
    assert answer.status_code == 422 and said in answer.text and "Your account is not deleted" in answer.text
    assert await is_in(client)


@pytest.mark.parametrize("state", ["pending", "paid", "packed", "shipped"])
async def test_an_order_under_way_comes_first(client: Client, world: World, state: str) -> None:
    await entered(client)
    await bought(client, world, state)
    answer = await delete(client)
    assert answer.status_code == 409 and "is not over yet" in answer.text
    assert await is_in(client)


@pytest.mark.parametrize(
    ("state", "status"), [("requested", 409), ("approved", 409), ("received", 409), ("refused", 200)]
)
async def test_a_return_under_way_comes_first(client: Client, world: World, state: str, status: int) -> None:
    await entered(client)
    order = await bought(client, world, "delivered")
    await execute(
        """INSERT INTO order_return ("order", number, state, reason, note, answer, requested_at)
           VALUES ($1, 1, $2, 'unwanted', '', '', now())""",
        order,
        state,
    )
    assert (await delete(client)).status_code == status


async def test_an_order_without_its_account_is_nobodys_guest_order(client: Client, world: World) -> None:
    await entered(client)
    await bought(client, world, "delivered")
    await delete(client)
    row = await fetch_one("SELECT number FROM shop_order")
    assert row
    for email in ("", EMAIL):
        assert await open_as_guest(row["number"], email, "127.0.0.1") == ""


@pytest.mark.parametrize("role", ["supplier", "operator"])
async def test_who_acts_for_a_supplier_or_the_shop_reads_why_he_cannot(client: Client, world: World, role: str) -> None:
    await person(role=role, supplier=await world.supplier() if role == "supplier" else None)
    await sign_in(client)
    said = "speaks for Oficina do Vale" if role == "supplier" else "You act for the shop"
    assert said in (await client.get("/account/deletion")).text
    answer = await delete(client)
    assert answer.status_code == 409 and said in answer.text
    assert await is_in(client)


async def test_who_has_decided_something_for_the_shop_and_is_a_shopper_again_stays_on_record(
    client: Client, world: World
) -> None:
    account = await entered(client)
    await execute(
        """INSERT INTO supplier_decision (supplier, account, from_state, to_state, note, decided_at)
           VALUES ($1, $2, 'applied', 'approved', '', now())""",
        await world.supplier(),
        account,
    )
    answer = await delete(client)
    assert answer.status_code == 409 and "kept with its name" in answer.text
    assert await is_in(client)
