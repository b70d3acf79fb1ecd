"""Pages for some people only: others are asked to sign in, or told that it is not for them."""

from typing import Any

import pytest
from litestar.exceptions import PermissionDeniedException

from app.accounts.owners import Owner, owner_of, remembered_owner
from app.accounts.sessions import COOKIE, SignInNeeded, account_of, required
from app.accounts.tables import Role
from app.infra.database import count_queries
from app.web.rendering import WebRequest
from app.web.visitors import COOKIE as VISITOR
from app.web.visitors import hash_token
from tests.accounts.people import Client, person, sign_in


def request(method: str = "GET", path: str = "/", query: str = "", **headers: str) -> WebRequest:
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": "",
        "query_string": query.encode(),
        "scheme": "http",
        "server": ("feira.test", 80),
        "headers": [
            (b"host", b"feira.test"),
            *((k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()),
        ],
        "state": {},
    }
    return WebRequest(scope)  # type: ignore[arg-type]


async def signed_in(client: Client) -> str:
    await sign_in(client)
    return f"{COOKIE}={client.cookies[COOKIE]}"


async def test_a_page_for_accounts_asks_to_sign_in_and_comes_back(client: Client) -> None:
    answer = await client.get("/account?tab=1", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/account%3Ftab%3D1")


async def test_a_form_sent_after_the_session_ended_comes_back_to_its_page(client: Client) -> None:
    answer = await client.post(
        "/account/name", data={"name": "A"}, headers={"referer": "http://feira.test/account"}, follow_redirects=False
    )
    assert answer.headers["location"] == "/sign-in?next=/account"


async def test_htmx_is_sent_to_the_sign_in_page_as_a_whole(client: Client) -> None:
    answer = await client.get("/account", headers={"hx-request": "true", "hx-current-url": "http://feira.test/cart"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (200, "/sign-in?next=/cart")


@pytest.mark.parametrize("referer", ["http://evil.example/x", "http://feira.test//evil.example", "http://[", ""])
async def test_the_way_back_is_never_another_site(db: None, referer: str) -> None:
    with pytest.raises(SignInNeeded) as needed:
        await required(request("POST", "/account/name", referer=referer))
    assert needed.value.back == "/"


async def test_another_role_is_refused(client: Client) -> None:
    await person()
    cookie = await signed_in(client)
    assert (await required(request(cookie=cookie), Role.SHOPPER)).email == "ana@example.pt"
    with pytest.raises(PermissionDeniedException):
        await required(request(cookie=cookie), Role.SUPPLIER, Role.OPERATOR)


async def test_who_is_signed_in_costs_one_query_and_nothing_without_the_cookie(client: Client) -> None:
    await person()
    seen = request(cookie=await signed_in(client))
    queries = count_queries()
    await account_of(seen)
    await owner_of(seen)
    assert queries.value == 1
    assert await account_of(request()) is None
    assert queries.value == 1


async def test_an_owner_is_the_account_else_the_known_visitor(client: Client) -> None:
    account = await person()
    cookie = await signed_in(client)
    assert await owner_of(request(cookie=f"{cookie}; {VISITOR}=guest")) == Owner(account, None)
    assert await owner_of(request(cookie=f"{VISITOR}=guest")) == Owner(None, hash_token("guest"))
    assert await owner_of(request()) is None


async def test_a_visitor_is_remembered_when_there_is_something_to_remember(db: None) -> None:
    seen = request()
    owner = await remembered_owner(seen)
    assert owner.visitor and await owner_of(seen) == owner
