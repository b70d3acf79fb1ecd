"""/supplier/pictures: what became of the pictures that a supplier's feeds link to."""

import csv
import io
from typing import Any

from app.infra.database import execute, fetch_one
from tests.accounts.people import person, sign_in
from tests.catalog.wishing import wanted
from tests.suppliers.line import as_csv, row, send
from tests.world import World


async def at_the_desk(world: World, client: Any, name: str = "Oficina do Vale") -> int:
    supplier = await world.supplier(name)
    email = f"{name.split()[0].lower()}@example.pt"
    await person(email, role="supplier", supplier=supplier)
    client.cookies.clear()
    await sign_in(client, email=email)
    return supplier


async def fail(reason: str = "There is no picture at this address (the server answers 404).") -> None:
    await execute(
        "UPDATE picture SET state = 'failed', reason = $1, next_attempt_at = now() + interval '30 days'", reason
    )


async def test_a_supplier_reads_which_pictures_could_not_be_fetched_and_why(world: World, client: Any) -> None:
    supplier = await at_the_desk(world, client)
    await wanted(supplier, ["https://maker.example/<b>lamp</b>.jpg", "https://maker.example/chair.jpg"])
    await fail()
    shown = (await client.get("/supplier/pictures")).text
    assert "https://maker.example/&lt;b&gt;lamp&lt;/b&gt;.jpg" in shown
    assert "the server answers 404" in shown
    feed = await send(supplier, as_csv([row("A")]))
    for address in ("/supplier/feeds", f"/supplier/feeds/{feed}"):
        assert "2 pictures could not be fetched" in (await client.get(address)).text


async def test_without_failures_nothing_is_said_of_them(world: World, client: Any) -> None:
    supplier = await at_the_desk(world, client)
    assert "None of your feeds has links" in (await client.get("/supplier/pictures")).text
    await wanted(supplier, ["https://maker.example/chair.jpg"])
    shown = (await client.get("/supplier/pictures")).text
    assert "Could not be fetched" not in shown
    assert "Fetch them again" not in shown
    feed = await send(supplier, as_csv([row("A")]))
    assert "could not be fetched" not in (await client.get(f"/supplier/feeds/{feed}")).text


async def test_all_of_them_are_in_a_file_that_runs_no_formulas(world: World, client: Any) -> None:
    supplier = await at_the_desk(world, client)
    await wanted(supplier, [f"https://maker.example/{number}.jpg" for number in range(1200)])
    await wanted(supplier, ["https://maker.example/a;=1+1"])
    await fail("=1+1")
    answer = await client.get("/supplier/pictures/report.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 1202
    assert len({cells[0] for cells in rows[1:]}) == 1201
    assert rows[1][1] == "'=1+1"
    assert b'"https://maker.example/a;=1+1"' in answer.content  # one cell, also where semicolons part them
    assert "has them all" in (await client.get("/supplier/pictures")).text


async def test_a_supplier_has_them_fetched_again(world: World, client: Any) -> None:
    supplier = await at_the_desk(world, client)
    await wanted(supplier, ["https://maker.example/chair.jpg"])
    await fail()
    answer = await client.post("/supplier/pictures/retries", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/supplier/pictures")
    assert "1 picture is being fetched again" in (await client.get("/supplier/pictures")).text
    found = await fetch_one("SELECT state, next_attempt_at <= now() AS due FROM picture")
    assert found
    assert (found["state"], found["due"]) == ("waiting", True)


async def test_nobody_sees_or_moves_the_pictures_of_another(world: World, client: Any) -> None:
    await wanted(await world.supplier(), ["https://maker.example/chair.jpg"])
    await fail()
    await at_the_desk(world, client, "Casa Pratas")
    assert "chair.jpg" not in (await client.get("/supplier/pictures")).text
    assert "chair.jpg" not in (await client.get("/supplier/pictures/report.csv")).text
    await client.post("/supplier/pictures/retries")
    found = await fetch_one("SELECT state FROM picture")
    assert found
    assert found["state"] == "failed"
