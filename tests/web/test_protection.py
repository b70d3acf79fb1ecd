"""What every answer gets, whatever the address."""

from typing import Any

import httpx
import pytest

from app.infra.database import close_pool
from app.infra.settings import settings
from app.web.paths import local_path


@pytest.mark.parametrize("path", ["/healthz", "/no/such/page"])
async def test_security_headers_stand_on_every_answer(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_head_is_get_without_a_body(client: httpx.AsyncClient) -> None:
    answer = await client.head("/healthz")
    assert answer.status_code == 200
    assert answer.content == b""


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "https://evil.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": "http://["}, True),
        ({"origin": "http://feira.test"}, False),
        ({}, False),
    ],
)
async def test_a_form_from_another_site_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str], refused: bool
) -> None:
    answer = await client.post("/sign-out", headers=headers, follow_redirects=False)
    assert (answer.status_code == 403) is refused


async def test_an_unknown_address_is_a_page_that_helps(client: httpx.AsyncClient) -> None:
    answer = await client.get("/no/such/page")
    assert answer.status_code == 404
    assert "Search for it" in answer.text


async def test_htmx_gets_a_fragment_of_an_error(client: httpx.AsyncClient) -> None:
    answer = await client.get("/no/such/page", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert "<html" not in answer.text


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("/cart", "/cart"),
        ("/search?q=a%20b", "/search?q=a%20b"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("/a\n", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
        (None, "/"),
        ("/" + "a" * 3000, "/"),
    ],
)
def test_a_redirect_stays_in_the_shop(wanted: str | None, expected: str) -> None:
    assert local_path(wanted) == expected


@pytest.mark.parametrize("host", ["shop:999999", "shop:port", "[::1", "a]", "[x]:1", "evil.example"])
async def test_a_host_that_is_none_is_no_failure(client: httpx.AsyncClient, host: str) -> None:
    for path, status in (("/sign-in", 200), ("/cart", 200), ("/no/such/page", 404), ("/account", 303)):
        answer = await client.get(path, headers={"host": host}, follow_redirects=False)
        assert answer.status_code == status
        assert "evil.example" not in answer.headers.get("location", "")


async def test_an_error_that_htmx_shows_has_words(client: httpx.AsyncClient) -> None:
    answer = await client.get("/no/such/page", headers={"HX-Request": "true"})
    assert "This stall has packed up" in answer.text


async def test_many_messages_fit_into_a_cookie(client: httpx.AsyncClient) -> None:
    for _ in range(30):
        await client.post("/cart/lines", data={"offer": "999"}, follow_redirects=False)
    assert len(client.cookies["feira_flash"]) < 2000
    assert "We do not know this product" in (await client.get("/cart")).text


@pytest.fixture
async def no_database(client: httpx.AsyncClient) -> None:
    await close_pool()


async def test_without_a_database_pages_that_need_none_are_shown_to_who_is_signed_in(
    client: httpx.AsyncClient, no_database: None
) -> None:
    client.cookies.set("feira_session", "somebody")
    client.cookies.set("feira_visitor", "somebody")
    assert (await client.get("/about")).status_code == 200
    assert (await client.get("/no/such/page")).status_code == 404


async def test_without_a_database_a_form_says_to_send_it_again_and_never_reloads_itself(
    client: httpx.AsyncClient, no_database: None
) -> None:
    client.cookies.set("feira_visitor", "somebody")
    shown = await client.get("/cart")
    assert (shown.status_code, shown.headers["retry-after"]) == (503, "20")
    sent = await client.post("/cart/lines", data={"offer": "1", "quantity": "1"})
    assert (sent.status_code, sent.headers["retry-after"]) == (503, "20")
    assert "send the form again" in sent.text
    assert "again." in shown.text and "again." not in sent.text and 'href=""' not in sent.text


async def test_a_form_from_another_site_is_told_why(client: httpx.AsyncClient) -> None:
    answer = await client.post("/sign-out", headers={"sec-fetch-site": "cross-site"})
    assert "sent from another site" in answer.text and "It was not taken" in answer.text


async def test_what_is_too_large_is_told_so_in_words_of_ours(client: httpx.AsyncClient) -> None:
    answer = await client.post("/sign-in", data={"email": "x" * 300_000})
    assert answer.status_code == 413 and "larger than we take" in answer.text and "Entity" not in answer.text


async def test_a_shop_on_https_says_so_to_browsers(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "strict-transport-security" not in (await client.get("/healthz")).headers
    monkeypatch.setattr(settings(), "base_url", "https://feira.example")
    assert "strict-transport-security" in (await client.get("/healthz")).headers


@pytest.mark.parametrize("path", ["/sign-in", "/sell/application"])
@pytest.mark.parametrize("kind", [b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x"])
async def test_who_breaks_off_a_request_is_no_failure_of_ours(client: Any, path: str, kind: bytes) -> None:
    arriving = [
        {"type": "http.request", "body": b"--x\r\nemail=", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return arriving.pop(0) if len(arriving) > 1 else arriving[0]

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""}
    headers = [(b"host", b"feira.test"), (b"content-type", kind), (b"content-length", b"1000")]
    known = {"http_version": "1.1", "scheme": "http", "server": ("feira.test", 80), "client": ("192.0.2.1", 1)}
    await client._transport.app({**scope, **known, "root_path": "", "headers": headers, "state": {}}, receive, send)
    assert sent[0]["status"] == 400
