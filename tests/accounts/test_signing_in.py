"""Signing in: one fresh session per sign-in, kept as long as asked, and back to where the shopper was."""

from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher

from app.accounts import joining, sessions
from app.accounts.sessions import COOKIE
from app.infra.clock import frozen, now
from app.infra.database import execute, fetch
from app.web.visitors import COOKIE as VISITOR
from app.web.visitors import hash_token
from tests.accounts.people import EMAIL, PASSWORD, Client, is_in, person, session_cookie, sign_in


async def test_signing_in_leads_back_to_where_the_shopper_was(client: Client) -> None:
    await person()
    answer = await sign_in(client, next="/cart?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cart?x=1")
    assert await is_in(client)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\r\nSet-Cookie: a=b",
        "evil.example",
        "@evil.example",
        "javascript:x",
        "data:text/html,x",
        "/" + "a" * 3000,
        "",
    ],
)
async def test_signing_in_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    await person()
    assert (await sign_in(client, next=elsewhere)).headers["location"] == "/"


async def test_the_address_is_known_however_it_is_written(client: Client) -> None:
    await person()
    assert (await sign_in(client, email="  ANA@Example.PT ")).status_code == 303


async def test_kept_sign_ins_last_sixty_days(client: Client) -> None:
    await person()
    cookie = session_cookie(await sign_in(client, keep="on"))
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and f"Max-Age={60 * 86400}" in cookie
    with frozen(now() + timedelta(days=59)):
        assert await sessions.sweep() == 0
    with frozen(now() + timedelta(days=61)):
        assert await sessions.sweep() == 1


async def test_other_sign_ins_last_until_the_browser_is_closed_and_a_day_at_most(client: Client) -> None:
    await person()
    cookie = session_cookie(await sign_in(client))
    assert "Max-Age" not in cookie and "expires" not in cookie.lower()
    with frozen(now() + timedelta(hours=25)):
        assert await sessions.sweep() == 1


async def test_an_expired_session_counts_for_nothing_before_it_is_swept(client: Client) -> None:
    await person()
    await sign_in(client)
    await execute("UPDATE session SET expires_at = $1", now() - timedelta(seconds=1))
    assert not await is_in(client)


async def test_the_database_knows_only_the_tokens_hash(client: Client) -> None:
    await person()
    await sign_in(client)
    (row,) = await fetch("SELECT token_hash FROM session")
    assert row["token_hash"] == hash_token(client.cookies[COOKIE])


async def test_a_token_planted_before_is_worth_nothing_after_sign_in(client: Client) -> None:
    await person()
    client.cookies.set(COOKIE, "planted", domain="feira.test")
    await sign_in(client)
    assert await fetch("SELECT FROM session WHERE token_hash = $1", hash_token("planted")) == []
    assert await is_in(client)


async def test_a_second_sign_in_replaces_the_first_session_of_the_browser(client: Client) -> None:
    await person()
    await person("rui@example.pt")
    await sign_in(client)
    first = client.cookies[COOKIE]
    await sign_in(client, email="rui@example.pt")
    assert client.cookies[COOKIE] != first
    assert len(await fetch("SELECT FROM session")) == 1


async def test_signing_out_ends_the_session_on_the_server(client: Client) -> None:
    await person()
    await sign_in(client)
    answer = await client.post("/sign-out", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["clear-site-data"] == '"cache"'  # the way back shows no page of the account
    assert await fetch("SELECT FROM session") == []
    assert not await is_in(client)


async def test_who_is_in_already_goes_straight_on(client: Client) -> None:
    await person()
    await sign_in(client)
    answer = await client.get("/sign-in?next=/cart", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/cart")


async def test_what_a_visitor_had_joins_the_account_in_the_same_transaction(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, joined = await person(), []

    async def join(visitor: bytes, account_id: int) -> None:
        joined.append((visitor, account_id))

    async def fail(*_: Any) -> None:
        raise RuntimeError

    client.cookies.set(VISITOR, "guest", domain="feira.test")
    monkeypatch.setattr(joining, "on_sign_in", [fail])
    assert (await sign_in(client)).status_code == 500
    assert await fetch("SELECT FROM session") == []
    monkeypatch.setattr(joining, "on_sign_in", [join])
    await sign_in(client)
    assert joined == [(hash_token("guest"), account)]


async def test_after_sign_in_the_visitors_old_token_is_replaced(client: Client) -> None:
    await person()
    client.cookies.set(VISITOR, "guest", domain="feira.test")
    answer = await sign_in(client)
    sent = [cookie for cookie in answer.headers.get_list("set-cookie") if cookie.startswith(VISITOR)]
    assert len(sent) == 1 and "guest" not in sent[0]


async def test_a_visitor_of_whom_nothing_is_known_gets_no_visitor_cookie(client: Client) -> None:
    await person()
    assert VISITOR not in (await sign_in(client)).headers["set-cookie"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Enter your e-mail address"),
        ({"email": EMAIL}, "Enter your password"),
        ({"email": "nobody", "password": "x"}, "such as name@example.pt"),
        ({"email": "a" * 300 + "@example.pt", "password": "x"}, "such as name@example.pt"),
        ({"email": "a\x00@example.pt", "password": "\x00" * 9}, "Enter your password"),
    ],
)
async def test_a_form_that_cannot_be_taken_says_what_to_do(client: Client, form: dict[str, str], said: str) -> None:
    answer = await client.post("/sign-in", data=form)
    assert answer.status_code == 422
    assert said in answer.text and "<title>Error: Sign in" in answer.text


async def test_what_was_typed_comes_back_but_not_the_password(client: Client) -> None:
    answer = await sign_in(client, password="a secret of mine", email="ana@x", next="/cart")
    assert 'value="ana@x"' in answer.text and 'value="/cart"' in answer.text
    assert "a secret of mine" not in answer.text


@pytest.mark.usefixtures("dear_passwords")
async def test_an_outdated_hash_is_made_anew_when_the_password_is_seen(client: Client) -> None:
    account = await person()
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    await execute("UPDATE account SET password_hash = $2 WHERE id = $1", account, weak)
    assert (await sign_in(client)).status_code == 303
    (row,) = await fetch("SELECT password_hash FROM account")
    assert "m=19456,t=2,p=1" in row["password_hash"]
    assert (await sign_in(client)).status_code == 303
