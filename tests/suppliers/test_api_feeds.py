"""Rules of the API by which suppliers' programs send feeds, and ask what became of them."""

import asyncio
from typing import Any

import pytest

from app.infra.database import fetch
from app.infra.settings import settings
from app.suppliers.arriving import feeds_folder
from app.suppliers.reading import read_feed
from tests.accounts.people import Client
from tests.suppliers.line import as_csv, row, send, send_and_take, stored_files, take_all
from tests.suppliers.programs import PLACE, Program, problem, program
from tests.world import World


async def test_a_feed_goes_from_the_request_to_the_product_in_the_catalogue(
    world: World, client: Client, oficina: Program
) -> None:
    content = as_csv([row("A"), row("B", price="48,9O")])
    sent = await oficina.call("POST", "/feeds?mode=full&filename=spring.csv", content=content)
    assert sent.status_code == 202
    assert (sent.json()["state"], sent.json()["filename"]) == ("waiting", "spring.csv")
    assert sent.headers["location"] == sent.json()["links"]["self"]
    await read_feed(sent.json()["id"])
    await take_all()
    followed = (await client.get(sent.headers["location"], headers={"authorization": f"Bearer {oficina.key}"})).json()
    counts = [followed[name] for name in ("state", "received", "rejected", "applied")]
    assert counts == ["finished", 2, 1, 1]
    (wrong,) = (await oficina.call("GET", f"/feeds/{followed['id']}/problems")).json()["problems"]
    assert (wrong["sku"], wrong["field"], wrong["severity"]) == ("B", "price", "rejected")
    offer = (await oficina.call("GET", "/offers/A")).json()
    assert (offer["state"], offer["price"], offer["stocks"]) == ("on_sale", "48.90", {"LIS": 5})
    page = await client.get("/p/" + offer["product"].rpartition("/")[2])
    assert page.status_code == 200 and "Alcova desk lamp" in page.text


async def test_the_same_request_sent_again_is_the_same_feed(world: World, oficina: Program) -> None:
    content, before = as_csv([row("A")]), stored_files()
    again = {"idempotency-key": "night-1"}
    first = await oficina.call("POST", "/feeds", again, content=content)
    second = await oficina.call("POST", "/feeds", again, content=content)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["id"] == second.json()["id"]
    other = await oficina.call("POST", "/feeds", again, content=as_csv([row("B")]))
    assert problem(other, 422)["errors"][0]["field"] == "Idempotency-Key"
    problem(await oficina.call("POST", "/feeds?mode=delta", again, content=content), 422)
    assert len(await fetch("SELECT 1 FROM feed")) == 1
    assert len(stored_files() - before) == 1


async def test_of_many_equal_requests_at_once_one_becomes_a_feed(world: World, oficina: Program) -> None:
    content = as_csv([row("A")])
    answers = await asyncio.gather(
        *(oficina.call("POST", "/feeds", {"idempotency-key": "night-1"}, content=content) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(await fetch("SELECT 1 FROM feed")) == 1


async def test_a_suppliers_idempotency_keys_are_his_own(world: World, client: Client, oficina: Program) -> None:
    theirs = await program(client, await world.supplier("Casa Pratas"))
    key = {"idempotency-key": "1"}
    mine = await oficina.call("POST", "/feeds", key, content=as_csv([row("A")]))
    other = await theirs.call("POST", "/feeds", key, content=as_csv([row("B")]))
    assert (mine.status_code, other.status_code) == (202, 202)


async def test_a_feed_may_be_sent_as_a_form_too(world: World, oficina: Program) -> None:
    files = {"file": ("a.csv", as_csv([row("A")]))}
    sent = await oficina.call("POST", "/feeds", files=files, data={"mode": "delta"})
    assert sent.status_code == 202
    assert (sent.json()["mode"], sent.json()["filename"]) == ("delta", "a.csv")


@pytest.mark.parametrize(
    ("path", "headers", "content", "status", "field"),
    [
        ("/feeds?mode=half", {}, b"sku", 422, "mode"),
        ("/feeds", {}, b"", 422, "file"),
        ("/feeds", {"idempotency-key": "x" * 201}, b"sku", 422, "Idempotency-Key"),
        ("/feeds", {"idempotency-key": ""}, b"sku", 422, "Idempotency-Key"),
        ("/feeds", {"content-type": "multipart/form-data"}, b"sku", 422, "file"),
        ("/feeds", {"content-type": "multipart/form-data; boundary=x"}, b"--x\r\nbroken", 422, "file"),
        ("/feeds", {"content-encoding": "br"}, b"sku", 415, ""),
    ],
)
async def test_a_feed_that_cannot_be_taken_leaves_nothing(
    oficina: Program, path: str, headers: dict[str, str], content: bytes, status: int, field: str
) -> None:
    said = problem(await oficina.call("POST", path, headers, content=content), status)
    assert [wrong["field"] for wrong in said["errors"]] == ([field] if field else [])
    assert not await fetch("SELECT 1 FROM feed")
    assert not list((feeds_folder() / "arriving").glob("*"))


async def test_a_feed_above_the_limit_is_refused_while_it_comes(
    oficina: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "feed_max_bytes", 2000)

    async def slowly() -> Any:
        for _ in range(100):
            yield b"x" * 100

    problem(await oficina.call("POST", "/feeds", content=slowly()), 413)
    assert not list((feeds_folder() / "arriving").glob("*"))


async def test_feeds_are_listed_page_by_page_without_single_offers(world: World, oficina: Program) -> None:
    supplier = await world.supplier()
    ids = [await send(supplier, [row(f"S{number}")]) for number in range(5)]
    await oficina.put("A")
    first = (await oficina.call("GET", "/feeds?limit=3")).json()
    assert [feed["id"] for feed in first["feeds"]] == ids[:1:-1]
    rest = (await oficina.call("GET", first["next"].removeprefix(PLACE))).json()
    assert [feed["id"] for feed in rest["feeds"]] == ids[1::-1]
    assert rest["next"] is None


async def test_problems_are_listed_page_by_page(world: World, oficina: Program) -> None:
    feed = await send_and_take(await world.supplier(), [row("A"), *[row(f"B{n}", price="none") for n in range(5)]])
    first = (await oficina.call("GET", f"/feeds/{feed.id}/problems?limit=3")).json()
    rest = (await oficina.call("GET", first["next"].removeprefix(PLACE))).json()
    found = [wrong["sku"] for wrong in first["problems"] + rest["problems"]]
    assert found == [f"B{n}" for n in range(5)]


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=101", "before=-1", "before=" + "9" * 5000, "limit=٣"])
async def test_a_page_that_cannot_be_is_refused(oficina: Program, query: str) -> None:
    problem(await oficina.call("GET", f"/feeds?{query}"), 422)
