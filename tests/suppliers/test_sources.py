"""Addresses from which feeds are fetched: how a supplier states, pauses and deletes them."""

from typing import Any

import pytest

from app.infra.clock import frozen, now
from app.suppliers import pulling, sources
from app.suppliers.sources import KnownSource, TooManySources
from tests.accounts.people import Client, person, sign_in
from tests.infra.stranger import Stranger
from tests.suppliers.sources import HOUR, only, stated
from tests.world import World


async def test_a_supplier_has_at_most_ten_addresses_and_each_once(supplier: int) -> None:
    for number in range(sources.MOST):
        await stated(supplier, f"https://feed.example/{number}")
    with pytest.raises(TooManySources):
        await stated(supplier, "https://feed.example/more")
    with pytest.raises(KnownSource):
        await stated(supplier, "https://FEED.example/1#again")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://shop.example/feeds/shoes.csv?key=secret", "shoes.csv"),
        ("https://shop.example/", "shop.example"),
        ("https://shop.example/%E2%80%AEvsc.exe%0A", "vsc.exe"),
        ("https://shop.example/%E2%80%AE", "shop.example"),
    ],
)
def test_a_source_is_called_by_what_can_be_seen_of_its_address(url: str, name: str) -> None:
    assert sources.file_name(url) == name


async def state_by_form(client: Client, **fields: str) -> Any:
    values = {"url": "https://feed.example/lamps.csv", "every": "6", "mode": "full", **fields}
    return await client.post("/supplier/sources", data=values, follow_redirects=False)


async def test_the_page_shows_what_is_fetched_and_never_the_password(
    supplier: int, client: Client, server: Stranger
) -> None:
    await sign_in(client)
    assert "Nothing is fetched yet" in (await client.get("/supplier/sources")).text
    answer = await state_by_form(client, url=server.url("/lamps.csv"), username="ana", password="quiet lamps")
    assert (answer.status_code, answer.headers["location"]) == (303, "/supplier/sources")
    waiting = (await client.get("/supplier/sources")).text
    assert "as soon as it is its turn" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    await pulling.pull_due()
    shown = (await client.get("/supplier/sources")).text
    assert "quiet lamps" not in waiting + shown
    assert "signed in as ana" in shown
    assert "every 6 hours" in shown
    assert f'<a href="/supplier/feeds/{(await only(supplier)).last_feed}">a new file</a>' in shown
    assert "hx-trigger" not in shown
    with frozen(now() + 7 * HOUR):
        await pulling.pull_due()
    assert "unchanged since" in (await client.get("/supplier/sources")).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"url": ""}, "Enter the address"),
        ({"url": "http://169.254.169.254/latest"}, "private network"),
        ({"url": "https://ana:secret@feed.example/"}, "own fields"),
        ({"url": "ftp://feed.example/"}, "https://"),
        ({"url": "https://" + "x" * 3_000}, "longer than"),
        ({"every": "0"}, "Choose how often"),
        ({"every": ""}, "Choose how often"),
        ({"mode": "replace"}, "Choose what the file is"),
        ({"username": "a:b"}, "colon"),
        ({"password": "x" * 201}, "at most 200"),
    ],
)
async def test_a_wrong_form_is_said_and_keeps_what_was_typed(
    supplier: int, client: Client, wrong: dict[str, str], words: str
) -> None:
    await sign_in(client)
    answer = await state_by_form(client, **{"username": "ana-of-lamps", "password": "quiet lamps", **wrong})
    assert answer.status_code == 422
    assert words in answer.text
    assert ("ana-of-lamps" in answer.text) or "username" in wrong
    assert "quiet lamps" not in answer.text
    assert "enter it again" in answer.text
    assert await sources.of_supplier(supplier) == []


async def test_an_address_is_paused_resumed_and_deleted_by_buttons(supplier: int, client: Client) -> None:
    await sign_in(client)
    await state_by_form(client)
    source = await only(supplier)
    assert "Paused" in (await client.post(f"/supplier/sources/{source.id}/pause")).text
    assert (await only(supplier)).state == "paused"
    assert "Resume" in (await client.get("/supplier/sources")).text
    await client.post(f"/supplier/sources/{source.id}/fetch")
    assert (await only(supplier)).is_due
    assert "is deleted" in (await client.post(f"/supplier/sources/{source.id}/deletion")).text
    assert await sources.of_supplier(supplier) == []
    again = await client.post(f"/supplier/sources/{source.id}/deletion", follow_redirects=False)
    assert again.status_code == 404


async def test_another_suppliers_address_is_not_found(world: World, supplier: int, client: Client) -> None:
    other = await world.supplier("Casa Pratas")
    await person("rui@example.pt", "supplier", other)
    await stated(other, "https://feed.example/theirs.csv")
    theirs = await only(other)
    await sign_in(client)
    for action in ("fetch", "pause", "deletion"):
        for number in (theirs.id, 10**18, 10**30):
            answer = await client.post(f"/supplier/sources/{number}/{action}", follow_redirects=False)
            assert answer.status_code == 404
    assert "theirs.csv" not in (await client.get("/supplier/sources")).text
    assert await only(other) == theirs
