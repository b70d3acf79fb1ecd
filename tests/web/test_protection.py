"""What every answer gets, whatever the address."""

import httpx
import pytest

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
        ("javascript:alert(1)", "/"),
        ("", "/"),
        (None, "/"),
        ("/" + "a" * 3000, "/"),
    ],
)
def test_a_redirect_stays_in_the_shop(wanted: str | None, expected: str) -> None:
    assert local_path(wanted) == expected
