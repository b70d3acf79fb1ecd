"""The shopper's postcode: typed once, kept for a year."""

import re

import httpx
import pytest

from app.delivery import estimate
from tests.world import World

HTMX = {"hx-request": "true", "hx-target": "page"}


async def test_a_postcode_is_remembered_and_leads_back(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/delivery/postcode", data={"postcode": " 1200 109", "next": "/cart?a=1"}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/cart?a=1")
    assert "feira_postcode=1200-109" in answer.headers["set-cookie"]
    assert "Max-Age=31536000" in answer.headers["set-cookie"]
    assert "1200-109 Lisboa" in (await client.get("/cart")).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("12345", "A postcode looks like 1200-109"),
        ('"><script>', "A postcode looks like 1200-109"),
        ("", "Enter your postcode"),
    ],
)
async def test_a_postcode_that_cannot_be_used_is_explained(
    client: httpx.AsyncClient, typed: str, sentence: str
) -> None:
    answer = await client.post("/delivery/postcode", data={"postcode": typed, "next": "/cart"})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "<title>Error: " in answer.text
    assert "<script>" not in answer.text.replace("<script src", "")
    assert 'name="next" value="/cart"' in answer.text
    assert "feira_postcode" not in client.cookies


async def test_a_postcode_of_another_country_than_the_chosen_one_is_told_so(
    client: httpx.AsyncClient, world: World
) -> None:
    await world.abroad()
    estimate.forget()
    answer = await client.post("/delivery/postcode", data={"postcode": "28013", "country": "PT"})
    assert answer.status_code == 422 and "Yours looks like one in Spain: choose that country, too" in answer.text
    await client.post("/delivery/postcode", data={"postcode": "28013"})  # the header's field asks for no country
    assert client.cookies["feira_postcode"].strip('"') == "ES:28013"


@pytest.mark.parametrize("path", ["/", "/delivery/postcode"])
async def test_a_phone_can_type_the_letters_of_other_countries_postcodes(client: httpx.AsyncClient, path: str) -> None:
    field = re.search('<input[^>]* name="postcode"[^>]*>', (await client.get(path)).text)
    assert field and "inputmode" not in field[0]


async def test_what_was_typed_stays_in_the_field(client: httpx.AsyncClient) -> None:
    assert 'value="12-34"' in (await client.post("/delivery/postcode", data={"postcode": "12-34"})).text


async def test_nobody_is_led_to_another_site(client: httpx.AsyncClient) -> None:
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        data = {"postcode": "1200-109", "next": elsewhere}
        answer = await client.post("/delivery/postcode", data=data, follow_redirects=False)
        assert answer.headers["location"] == "/"
        shown = await client.get("/delivery/postcode", params={"next": elsewhere})
        assert 'name="next" value="/"' in shown.text


async def test_htmx_gets_the_whole_page_it_leads_back_to_with_every_date_new(client: httpx.AsyncClient) -> None:
    answer = await client.post("/delivery/postcode", data={"postcode": "4000", "next": "/cart"}, headers=HTMX)
    assert answer.url.path == "/cart"
    assert "<html" in answer.text and "4000" in answer.text
    wrong = await client.post("/delivery/postcode", data={"postcode": "x"}, headers=HTMX)
    assert wrong.status_code == 422
    assert "<html" in wrong.text and 'value="x"' in wrong.text


async def test_the_way_back_is_the_page_that_is_shown_not_the_one_that_was_loaded(client: httpx.AsyncClient) -> None:
    shown = {**HTMX, "hx-current-url": "http://feira.test/search?q=lamp&min=20#filters"}
    form = await client.get("/delivery/postcode", params={"next": "/search?q=lamp"}, headers=shown)
    assert 'name="next" value="/search?q=lamp&amp;min=20"' in form.text
    for nonsense in ("https://evil.example//evil.example/", "http://[", "about:blank"):
        form = await client.get("/delivery/postcode?next=/cart", headers={**HTMX, "hx-current-url": nonsense})
        assert form.status_code == 200 and "evil.example/" not in form.text, nonsense


async def test_a_cookie_that_somebody_made_up_is_no_place(client: httpx.AsyncClient) -> None:
    client.cookies.set("feira_postcode", "<b>1</b>")
    assert "your postcode" in (await client.get("/cart")).text


async def test_the_form_shows_the_postcode_we_know(client: httpx.AsyncClient) -> None:
    await client.post("/delivery/postcode", data={"postcode": "4000-123"})
    assert 'value="4000-123"' in (await client.get("/delivery/postcode")).text
