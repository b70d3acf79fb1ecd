"""An account: made with a name, an address and a good password; changed by its owner only."""

import pytest

from app.accounts import passwords, tries
from app.accounts.telling import News
from app.infra.database import fetch, fetch_one
from tests.accounts.mailbox import letters
from tests.accounts.people import EMAIL, PASSWORD, Client, is_in, person, sign_in

FORM = {"name": "  Ana   Lopes ", "email": "Ana@Example.pt", "password": PASSWORD}


async def test_signing_up_makes_a_shopper_and_signs_in(client: Client) -> None:
    answer = await client.post("/sign-up", data={**FORM, "next": "/account"})
    assert answer.status_code == 200
    assert "Welcome to Feira, Ana Lopes." in answer.text
    (row,) = await fetch("SELECT * FROM account")
    assert (row["email"], row["name"], row["role"]) == (EMAIL, "Ana Lopes", "shopper")
    assert PASSWORD not in row["password_hash"]


async def test_one_address_has_one_account(client: Client) -> None:
    await person()
    answer = await client.post("/sign-up", data={**FORM, "password": "another long password"})
    assert answer.status_code == 422
    assert "There is an account with this e-mail address" in answer.text
    assert not await is_in(client)


async def test_a_form_that_is_sent_twice_makes_one_account_and_signs_in(client: Client) -> None:
    for said in ("Welcome to Feira", "You have an account with"):
        client.cookies.clear()  # the first answer never came
        assert said in (await client.post("/sign-up", data=FORM)).text
        assert await is_in(client)
    assert len(await fetch("SELECT FROM account")) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Enter your name"),
        ({"name": "\u200b"}, "Enter your name"),
        ({"name": "x" * 121}, "Use at most 120 characters"),
        ({"email": "ana"}, "such as name@example.pt"),
        ({"email": "ana@exa mple.pt"}, "such as name@example.pt"),
        ({"password": ""}, "Choose a password"),
        ({"password": "ninechars"}, "Use at least 10 characters"),
        ({"password": "x" * 201}, "Use at most 200 characters"),
        ({"password": "Password123"}, "others would guess"),
        ({"password": "aaaaaaaaaaaa"}, "others would guess"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(client: Client, change: dict[str, str], said: str) -> None:
    answer = await client.post("/sign-up", data={**FORM, **change})
    assert answer.status_code == 422
    field = next(iter(change))
    assert f'id="{field}-error"' in answer.text and said in answer.text
    assert await fetch_one("SELECT FROM account") is None


async def test_a_name_is_shown_as_it_was_typed(client: Client) -> None:
    await client.post("/sign-up", data={**FORM, "name": "<b>Ana & Co</b>"})
    assert "&lt;b&gt;Ana &amp; Co&lt;/b&gt;" in (await client.get("/account")).text


async def test_a_name_can_be_changed(client: Client) -> None:
    await person()
    await sign_in(client)
    assert "Ana Maria" in (await client.post("/account/name", data={"name": "Ana Maria"})).text
    assert (await client.post("/account/name", data={"name": " "})).status_code == 422


async def test_a_new_password_needs_the_current_one(client: Client) -> None:
    await person()
    await sign_in(client)
    new = {"current_password": "wrong", "new_password": "another good one"}
    answer = await client.post("/account/password", data=new)
    assert answer.status_code == 422
    assert "does not match. Four tries left" in answer.text
    assert (await client.post("/account/password", data={**new, "current_password": PASSWORD})).status_code == 200
    await client.post("/sign-out")
    assert (await sign_in(client)).status_code == 422
    assert (await sign_in(client, "another good one")).status_code == 303


async def test_a_new_password_signs_other_devices_out_and_this_one_not(client: Client) -> None:
    account = await person()
    await sign_in(client)
    client.cookies.clear()
    await sign_in(client)
    await client.post("/account/password", data={"current_password": PASSWORD, "new_password": "another good one"})
    (row,) = await fetch("SELECT count(*) AS many FROM session WHERE account = $1", account)
    assert row["many"] == 1
    assert await is_in(client)


async def test_a_supplier_finds_its_feeds(client: Client, world: object) -> None:
    supplier = await world.supplier("Oficina do Vale")  # type: ignore[attr-defined]
    await person(role="supplier", supplier=supplier)
    await sign_in(client)
    text = (await client.get("/account")).text
    assert 'href="/supplier/feeds"' in text and "Oficina do Vale, a supplier" in text


@pytest.mark.parametrize("password", ["ana@example.pt", "AnaLopesAna", "lopes-lopes-1", "feira-lopes"])
async def test_a_password_is_more_than_the_accounts_own_words(client: Client, password: str) -> None:
    answer = await client.post("/sign-up", data={**FORM, "password": password})
    assert answer.status_code == 422 and "little more than your name or address" in answer.text


async def test_a_network_makes_twenty_accounts_an_hour(client: Client) -> None:
    for _ in range(20):
        await tries.count(tries.SIGN_UPS, "127.0.0.1")
    answer = await client.post("/sign-up", data=FORM)
    assert answer.status_code == 429 and "too often from your network" in answer.text
    assert await fetch_one("SELECT FROM account") is None


async def test_a_crowd_at_the_door_is_asked_to_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MOST_WAITING", 0)
    assert (await client.post("/sign-up", data=FORM)).status_code == 503


async def test_a_changed_password_is_told_by_mail(client: Client) -> None:
    await person()
    await sign_in(client)
    await client.post("/account/password", data={"current_password": PASSWORD, "new_password": "another good one"})
    assert [(letter.news, letter.to) for letter in await letters()] == [(News.PASSWORD_CHANGED, EMAIL)]
