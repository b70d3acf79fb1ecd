"""A business applies to sell: once however often it is sent, and without telling who has an account here."""

import asyncio
import json
from typing import Any

import pytest

from app.accounts.suppliers import SupplierNotApproved, may_send
from app.catalog import navigation
from app.catalog.sellers import supplier_of
from app.delivery.estimate import forget
from app.infra.database import execute, fetch, fetch_one
from app.suppliers import applying
from app.web.senders import sender
from tests.accounts.people import PASSWORD, Client, person, sign_in
from tests.suppliers.line import as_csv, row
from tests.world import World

ADDRESS = "/sell/application"
FORM = {
    "name": "Loja da Ana",
    "legal_name": "Ana Lopes, Lda.",
    "tax_country": "PT",
    "tax_number": "PT 501 442 600",
    "website": "www.loja-da-ana.example",
    "sells-lighting": "on",
    "currency": "EUR",
    "ships_from": "OPO",
    "postcode": "",
    "contact_name": "Ana Lopes",
    "email": "Loja@Example.pt",
    "phone": "+351 210 000 000",
    "password": PASSWORD,
    "agree": "on",
}


@pytest.fixture(autouse=True)
async def fresh(world: World) -> None:
    navigation.forget()


async def send(client: Client, **change: str) -> Any:
    return await client.post(ADDRESS, data={**FORM, **change}, follow_redirects=False)


async def states() -> list[str]:
    return [row["state"] for row in await fetch("SELECT state FROM supplier ORDER BY id")]


async def test_an_application_makes_a_supplier_that_waits_and_its_account(client: Client) -> None:
    answer = await send(client)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ADDRESS}/received")
    assert "Thank you" in (await client.get(f"{ADDRESS}/received")).text
    (found,) = await fetch("SELECT s.*, a.email, a.role FROM account a JOIN supplier s ON s.id = a.supplier")
    assert (found["name"], found["slug"], found["state"]) == ("Loja da Ana", "loja-da-ana", "applied")
    assert (found["default_warehouse"], found["place"], found["currency"]) == ("OPO", "Porto", "EUR")
    assert (found["email"], found["role"]) == ("loja@example.pt", "supplier")
    (said,) = await fetch("SELECT * FROM supplier_application")
    assert (said["tax_country"], said["tax_number"], said["sells"]) == ("PT", "501442600", ["lighting"])
    assert said["website"] == "https://www.loja-da-ana.example"
    (event,) = await fetch("SELECT payload FROM outbox WHERE topic = 'suppliers'")
    assert json.loads(event["payload"]) == {"kind": "applied", "supplier": found["id"], "state": "applied"}


async def test_who_applied_can_sign_in_and_sees_how_it_stands(client: Client) -> None:
    await send(client)
    await sign_in(client, email="loja@example.pt")
    desk = (await client.get("/supplier/feeds")).text
    assert "Your application is with us" in desk and 'type="file"' not in desk
    assert (await client.get(ADDRESS, follow_redirects=False)).headers["location"] == "/supplier/feeds"
    assert "not approved yet" in (await client.get("/account")).text


async def test_no_feed_is_taken_before_the_approval(client: Client) -> None:
    await send(client)
    await sign_in(client, email="loja@example.pt")
    answer = await client.post("/supplier/feeds", files={"file": ("a.csv", as_csv([row("A")]))})
    assert answer.status_code == 403
    assert "as soon as it is approved" in answer.text
    assert await fetch("SELECT FROM feed") == []
    supplier = await fetch_one("SELECT id FROM supplier")
    assert supplier
    with pytest.raises(SupplierNotApproved):
        await may_send(supplier["id"])


async def test_sent_five_times_at_once_it_is_one_application(client: Client) -> None:
    answers = await asyncio.gather(*(send(client) for _ in range(5)))
    assert {answer.headers["location"] for answer in answers} == {f"{ADDRESS}/received"}
    assert await states() == ["applied"]
    assert len(await fetch("SELECT FROM account")) == 1


async def test_an_address_that_has_an_account_is_answered_like_a_new_one(client: Client) -> None:
    account = await person("loja@example.pt")
    before = await fetch_one("SELECT * FROM account WHERE id = $1", account)
    known, unknown = await send(client), await send(client, email="other@example.pt")
    assert known.status_code == unknown.status_code == 303
    assert known.headers["location"] == unknown.headers["location"]
    assert known.headers.get_list("set-cookie") == unknown.headers.get_list("set-cookie")
    assert await fetch_one("SELECT * FROM account WHERE id = $1", account) == before
    assert await states() == ["applied"]


async def test_a_shopper_applies_with_the_account_that_is_signed_in(client: Client) -> None:
    account = await person()
    await sign_in(client)
    form = (await client.get(ADDRESS)).text
    assert 'value="ana@example.pt"' in form and 'name="password"' not in form
    answers = await asyncio.gather(*(send(client, password="") for _ in range(3)))
    assert {answer.headers["location"] for answer in answers} == {"/supplier/feeds"}
    assert await states() == ["applied"]
    (found,) = await fetch("SELECT id, role FROM account WHERE supplier IS NOT NULL")
    assert (found["id"], found["role"]) == (account, "supplier")


async def test_an_operator_does_not_apply(client: Client) -> None:
    await person(role="operator")
    await sign_in(client)
    assert (await client.get(ADDRESS)).status_code == 403
    assert (await send(client)).status_code == 403
    assert await states() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Enter the name that shoppers will see"),
        ({"name": "\u202e\u200b"}, "Use letters or digits"),
        ({"name": "x" * 81}, "Use at most 80 characters"),
        ({"legal_name": ""}, "registered under"),
        ({"tax_country": ""}, "Choose the country"),
        ({"tax_country": "XX"}, "Choose the country"),
        ({"tax_country": "../pt"}, "Choose the country"),
        ({"tax_number": ""}, "Enter the VAT number"),
        ({"tax_number": "501442601"}, "no VAT number of Portugal"),
        ({"tax_number": "5" * 10_000}, "no VAT number of Portugal"),
        ({"tax_number": "٥٠١٤٤٢٦٠٠"}, "no VAT number of Portugal"),
        ({"website": "javascript:alert(1)"}, "address of your website"),
        ({"website": "http://a@evil.example"}, "address of your website"),
        ({"website": "http://[::1"}, "address of your website"),
        ({"website": "localhost"}, "address of your website"),
        ({"sells-lighting": ""}, "at least one"),
        ({"currency": "XXX"}, "Choose the currency"),
        ({"ships_from": ""}, "Choose where your goods leave from"),
        ({"ships_from": "XXX"}, "Choose where your goods leave from"),
        ({"ships_from": "own", "postcode": ""}, "the postcode in Portugal"),
        ({"ships_from": "own", "postcode": "9999-999"}, "the postcode in Portugal"),
        ({"contact_name": ""}, "Enter the name of the person"),
        ({"email": "ana"}, "such as name@example.pt"),
        ({"phone": "call me"}, "phone number such as"),
        ({"phone": "+" + "1" * 20}, "phone number such as"),
        ({"password": "short"}, "Use at least 10 characters"),
        ({"agree": ""}, "once you agree"),
        ({"agree": "perhaps"}, "once you agree"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(client: Client, change: dict[str, str], said: str) -> None:
    answer = await send(client, **change)
    assert answer.status_code == 422
    assert said in answer.text and "<title>Error: Apply to sell" in answer.text
    field = list(change)[-1]
    assert f'id="{field.partition("-")[0]}-error"' in answer.text
    assert await states() == []


async def test_what_was_typed_comes_back_but_not_the_password(client: Client) -> None:
    answer = await send(client, tax_number="", legal_name='"><script>alert(1)</script>')
    assert "<script>alert" not in answer.text and "&lt;script&gt;alert" in answer.text
    for typed in ('value="Loja da Ana"', 'value="OPO" checked', 'name="sells-lighting" checked', "Choose it again"):
        assert typed in answer.text
    assert PASSWORD not in answer.text


async def test_a_form_without_anything_names_every_field_that_is_needed(client: Client) -> None:
    answer = await client.post(ADDRESS, data={})
    assert answer.status_code == 422
    assert answer.text.count('class="field-error"') == 11


async def test_goods_of_an_own_place_get_the_dates_of_the_nearest_warehouse(client: Client) -> None:
    await send(client, ships_from="own", postcode="4470 558")
    (found,) = await fetch("SELECT * FROM supplier s JOIN supplier_application a ON a.supplier = s.id")
    assert (found["default_warehouse"], found["place"], found["ship_from_postcode"]) == ("OPO", "Porto", "4470-558")


async def test_a_place_of_its_own_lies_in_one_of_the_countries_that_we_deliver_to(client: Client, world: World) -> None:
    page = (await client.get(ADDRESS)).text
    assert "A place of our own in Portugal" in page and 'name="place_country"' not in page
    await world.abroad()
    forget()
    page = (await client.get(ADDRESS)).text
    assert "A place of our own<br>" in page and '<option value="PT" selected>' in page
    assert '<option value="PT">Portugal</option><option value="ES">Spain</option>' in page
    own = {"ships_from": "own", "place_country": "ES", "postcode": "28013"}
    for wrong, said in (
        ({"place_country": "FR"}, "Choose the country that you ship from"),
        ({"postcode": "1200-109"}, "Enter the postcode in Spain that you ship from, such as 28"),
    ):
        answer = await send(client, **own | wrong)
        assert answer.status_code == 422 and said in answer.text and await states() == []
    await send(client, **own)
    (found,) = await fetch("SELECT s.id, place FROM supplier s")
    await person("rui@example.pt", "operator")
    await sign_in(client, email="rui@example.pt")
    desk = (await client.get(f"/admin/suppliers/{found['id']}")).text
    assert f"28013 {found['place']}, Spain: a place of its own" in desk


async def test_a_shop_that_delivers_nowhere_asks_for_no_place_of_its_own(client: Client) -> None:
    await execute("DELETE FROM lane")
    forget()
    assert "A place of our own" not in (await client.get(ADDRESS)).text
    answer = await send(client, ships_from="own", postcode="1200-109")
    assert answer.status_code == 422 and "Choose where your goods leave from" in answer.text
    await execute("DELETE FROM warehouse")
    assert "The shop has no warehouse yet" in (await client.get(ADDRESS)).text


async def test_a_place_of_its_own_that_no_warehouse_sends_to_has_no_dates(client: Client) -> None:
    await execute("DELETE FROM lane USING zone z WHERE z.id = lane.zone AND z.code = 'porto'")
    forget()
    answer = await send(client, ships_from="own", postcode="4470 558")
    assert answer.status_code == 422 and "No warehouse of ours sends there yet" in answer.text


async def test_floods_from_one_network_are_slowed_down(client: Client) -> None:
    for _ in range(applying.TRIES):
        assert (await send(client)).status_code == 303
    answer = await send(client, email="another@example.pt")
    assert answer.status_code == 429
    assert "later" in answer.text and 'value="Loja da Ana"' in answer.text
    await execute("UPDATE application_try SET tried_at = tried_at - interval '1 hour'")
    assert (await send(client, email="another@example.pt")).status_code == 303


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8::1", "2001:db8:0:0:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("", "", True),
    ],
)
def test_however_an_ipv6_address_is_written_its_household_counts_as_one(one: str, other: str, same: bool) -> None:
    assert (sender(one) == sender(other)) is same


async def test_a_name_that_is_taken_gets_another_address_and_never_the_feeds_of_the_first(
    client: Client, world: World
) -> None:
    theirs = await world.supplier("Oficina do Vale")
    await send(client, name="Oficina do Vale")
    slugs = [row["slug"] for row in await fetch("SELECT slug FROM supplier ORDER BY id")]
    assert slugs[0] == "oficina-do-vale" and slugs[1].startswith("oficina-do-vale-")
    assert await supplier_of("Oficina do Vale") == (theirs, False)


async def test_the_operators_own_import_makes_approved_suppliers(db: None) -> None:
    supplier, is_new = await supplier_of("Casa Nova")
    assert is_new
    await may_send(supplier)


@pytest.mark.parametrize("path", ["/sell", ADDRESS, f"{ADDRESS}/received"])
async def test_the_pages_are_for_everybody(client: Client, path: str) -> None:
    assert (await client.get(path)).status_code == 200


async def test_the_old_address_leads_to_the_new_one(client: Client) -> None:
    answer = await client.get("/help/selling", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "/sell")
