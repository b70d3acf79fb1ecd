"""Mails about an account: links in them work, are seen by nobody else, and say what to do for who did not ask."""

from typing import Any

import pytest

from app.infra.database import execute, fetch
from app.notifications.confidential import filled
from tests.accounts.mailbox import press
from tests.accounts.people import EMAIL, PASSWORD, Client, person, sign_in
from tests.notifications.events import written

NEW = "ana.lopes@example.pt"


async def account_mails() -> list[Any]:
    return await written("accounts")


def link_in(mail: Any) -> str:
    """The link as its reader gets it: both bodies have it."""
    html, text = filled([mail["html"], mail["text"]], mail["sealed"])
    (link,) = (line for line in text.splitlines() if "token=" in line)
    assert link in html
    return link.strip().partition("://")[2].partition("/")[2].join(("/", ""))


async def test_signing_up_brings_a_link_that_confirms(client: Client) -> None:
    await client.post("/sign-up", data={"name": "Ana Lopes", "email": EMAIL, "password": PASSWORD})
    (mail,) = await account_mails()
    assert (mail["kind"], mail["recipient"]) == ("account_confirm_email", EMAIL)
    assert "Hello Ana," in mail["text"] and "You made no account?" in mail["text"]
    assert (await press(client, link_in(mail))).status_code == 303
    assert len(await fetch("SELECT FROM account WHERE email_confirmed_at IS NOT NULL")) == 1
    assert len(await account_mails()) == 1


async def test_a_token_is_not_to_be_read_in_the_database(client: Client) -> None:
    await person()
    await client.post("/password-reset", data={"email": EMAIL})
    (mail,) = await account_mails()
    token = link_in(mail).partition("token=")[2]
    for column in ("html", "text", "subject", "sealed"):
        assert token not in mail[column]


async def test_a_forgotten_password_brings_a_link_that_sets_another_and_then_the_news(client: Client) -> None:
    await person()
    await client.post("/password-reset", data={"email": EMAIL})
    (mail,) = await account_mails()
    assert (await press(client, link_in(mail), new_password="another good one")).status_code == 303
    assert [mail["kind"] for mail in await account_mails()] == ["account_reset_password", "account_password_changed"]


async def test_an_unknown_address_gets_no_mail(client: Client) -> None:
    await client.post("/password-reset", data={"email": "eva@example.pt"})
    assert await account_mails() == []


async def test_another_address_is_asked_there_and_told_here(client: Client) -> None:
    await person()
    await sign_in(client)
    await client.post("/account/email", data={"new_email": NEW, "password": PASSWORD})
    asked, told = await account_mails()
    assert (asked["recipient"], told["recipient"]) == (NEW, EMAIL)
    assert NEW in told["text"] and "token=" not in told["text"]
    await press(client, link_in(asked))
    *_, last = await account_mails()
    assert (last["kind"], last["recipient"]) == ("account_email_changed", EMAIL)


async def test_a_wish_that_was_taken_back_brings_no_mail(client: Client) -> None:
    await person()
    await sign_in(client)
    await client.post("/account/email", data={"new_email": NEW, "password": PASSWORD})
    await client.post("/account/email/removal")
    assert await account_mails() == []


async def test_a_deleted_account_hears_so_once_more(client: Client) -> None:
    await person()
    await sign_in(client)
    await client.post("/password-reset", data={"email": EMAIL})
    assert len(await account_mails()) == 1
    await client.post("/account/deletion", data={"password": PASSWORD, "sure": "on"})
    (mail,) = await account_mails()
    assert (mail["kind"], mail["recipient"]) == ("account_deleted", EMAIL)


@pytest.mark.parametrize("name", ["Win €500 at www.evil.example", "<b>Ana</b>", "Ana\r\nBcc: eva@example.pt"])
async def test_a_name_is_no_place_for_an_advertisement(client: Client, name: str) -> None:
    """Whoever signs up with a stranger's address writes to him through us."""
    account = await person()
    await execute("UPDATE account SET name = $1", name)
    await sign_in(client)
    await client.post("/account/confirmation/mails")
    (mail,) = await account_mails()
    assert account and "evil" not in mail["text"] and "<b>" not in mail["html"] and "Bcc" not in mail["text"]
