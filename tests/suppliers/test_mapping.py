"""A supplier says once what his columns mean; it is remembered, and read so in every feed that comes."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from app.accounts.tables import SupplierState
from app.infra.database import execute, fetch, fetch_one
from app.suppliers import feeds, mapping
from app.suppliers.arriving import feeds_folder
from app.suppliers.column_choices import words_of
from app.suppliers.formats import RawRow, open_feed
from app.suppliers.formats.vocabulary import FIELDS
from app.suppliers.judging import context_of
from app.suppliers.rereading import read_again
from tests.accounts.people import Client
from tests.suppliers.desks import desk
from tests.suppliers.line import as_csv, row, send, send_and_take
from tests.world import World

STRANGE = "Kennung;Wie es heißt;VK;Werkstoff;Rest\nA-1;Lampe;48,90;Holz;x\nA-2;Stuhl;99;Eiche;y\n".encode()
CHOSEN = {"c0": "sku", "c1": "title", "c2": "price", "c3": "attributes:", "n3": "Material", "c4": ""}
TOLD = {"kennung": "sku", "wie es heisst": "title", "vk": "price", "werkstoff": "attributes:Material"}


async def choose(client: Client, feed: int, form: Mapping[str, str], do: str = "save") -> Any:
    return await client.post(f"/supplier/feeds/{feed}/columns", data={**form, "do": do}, follow_redirects=False)


def selected(text: str, name: str) -> str | None:
    found = re.search(rf'<select[^>]* name="{name}".*?</select>', text, re.DOTALL)
    assert found, name
    option = re.search(r'<option value="([^"]*)" selected', found[0])
    return option[1] if option else None


async def test_the_page_shows_every_column_with_values_and_our_guess(world: World, client: Client) -> None:
    feed = await send(await desk(world, client), [row("A", brand="Alcova", oddity="so so")])
    text = (await client.get(f"/supplier/feeds/{feed}/columns")).text
    assert "oddity" in text and "so so" in text
    assert [selected(text, name) for name in ("c0", "c1", "c2", "c5", "c6")] == ["sku", "title", "price", "brand", ""]
    assert "€48.90" in text and "Alcova desk lamp" in text
    assert f'href="/supplier/feeds/{feed}/columns"' in (await client.get(f"/supplier/feeds/{feed}")).text


@pytest.mark.parametrize("target", ["attributes:" + "x" * 61, "stocks:" + "X" * 5_000, "options:" + "x" * 110])
async def test_a_name_that_no_form_of_ours_would_send_is_refused(world: World, client: Client, target: str) -> None:
    supplier = await desk(world, client)
    feed = await send(supplier, STRANGE)
    for do in ("save", "read"):
        answer = await choose(client, feed, {**CHOSEN, "c3": target}, do)
        assert answer.status_code == 422
        assert "at most 60 characters" in answer.text
    assert await mapping.mapping_of(supplier) == {}


async def test_what_is_saved_is_remembered_and_shown_again(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    feed = await send(supplier, STRANGE)
    answer = await choose(client, feed, CHOSEN)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/supplier/feeds/{feed}/columns")
    assert await mapping.mapping_of(supplier) == TOLD
    text = (await client.get(answer.headers["location"])).text
    assert "in every feed from now on" in text
    assert [selected(text, f"c{n}") for n in range(5)] == ["sku", "title", "price", "attributes:", ""]
    assert 'value="Material"' in text
    assert "€48.90" in text and "Lampe" in text


async def test_a_preview_saves_nothing_and_keeps_what_was_chosen(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    feed = await send(supplier, STRANGE)
    answer = await choose(client, feed, CHOSEN, "preview")
    assert answer.status_code == 200
    assert selected(answer.text, "c1") == "title" and "€99.00" in answer.text
    assert await mapping.mapping_of(supplier) == {}
    assert re.findall(r'name="do" value="(\w+)"', answer.text)[0] == "preview"  # what Enter presses


async def test_htmx_gets_the_preview_alone(world: World, client: Client) -> None:
    feed = await send(await desk(world, client), STRANGE)
    answer = await client.post(f"/supplier/feeds/{feed}/columns", data=CHOSEN, headers={"hx-request": "true"})
    assert answer.text.strip().startswith("<section") and "<html" not in answer.text
    assert "€48.90" in answer.text


async def test_what_is_missing_is_said_before_anything_is_read(world: World, client: Client) -> None:
    feed = await send(await desk(world, client), STRANGE)
    shown = await client.get(f"/supplier/feeds/{feed}/columns")
    assert "Choose the column with the title and the column with the price" in shown.text
    refused = await choose(client, feed, {**CHOSEN, "c2": ""}, "read")
    assert refused.status_code == 422
    assert "<title>Error:" in refused.text and "Choose the column with the price" in refused.text
    assert selected(refused.text, "c1") == "title"


async def test_two_columns_cannot_be_the_same_field_and_nothing_chosen_is_lost(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    feed = await send(supplier, STRANGE)
    answer = await choose(client, feed, {**CHOSEN, "c4": "price"})
    assert answer.status_code == 422
    assert "“VK” and “Rest” cannot both be it" in answer.text and 'href="#c4"' in answer.text
    assert [selected(answer.text, name) for name in ("c0", "c4")] == ["sku", "price"]
    assert await mapping.mapping_of(supplier) == {}


async def test_columns_that_we_would_read_as_one_field_anyway_are_no_error(world: World, client: Client) -> None:
    feed = await send(await desk(world, client), b"sku,id,title,name,price\nA,1,Lamp,Lampe,4.90\n")
    text = (await client.get(f"/supplier/feeds/{feed}/columns")).text
    assert "“sku” is read instead" in text and "Read where “title” is empty" in text
    form = {"c0": "sku", "c1": "sku", "c2": "title", "c3": "title", "c4": "price"}
    assert (await choose(client, feed, form)).status_code == 303


async def test_a_column_that_goes_back_to_our_guess_is_forgotten(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    feed = await send(supplier, [row("A", brand="Alcova")])
    form = {f"c{n}": field for n, field in enumerate(("sku", "title", "price", "stock", "category"))}
    await choose(client, feed, {**form, "c5": "attributes:", "n5": "Maker"})
    assert await mapping.mapping_of(supplier) == {"brand": "attributes:Maker"}
    await choose(client, feed, {**form, "c5": "brand"})
    assert await mapping.mapping_of(supplier) == {}


@pytest.mark.parametrize(
    "form",
    [
        {"c0": "nonsense"},
        {"c0": "price:x"},
        {"c0": "attributes:", "n0": "x" * 61},
        {"c0": "\ud83d", "n0": "\x00"},
        {"c0": ":"},
    ],
)
async def test_a_form_that_no_page_would_send_is_refused_with_words(
    world: World, client: Client, form: dict[str, str]
) -> None:
    supplier = await desk(world, client)
    feed = await send(supplier, STRANGE)
    sent = "&".join(f"{name}={value.encode('utf-8', 'surrogatepass').hex(' ')}" for name, value in form.items())
    body = re.sub(r"(?<==)[0-9a-f ]+", lambda found: "%" + found[0].replace(" ", "%"), sent) + "&do=save"
    answer = await client.post(
        f"/supplier/feeds/{feed}/columns",
        content=body.encode(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 422
    assert await mapping.mapping_of(supplier) == {}


@pytest.mark.parametrize(
    "content",
    [
        ",".join(f"c{n}" for n in range(10_000)).encode(),
        b"x" * 5_000_000,
        b"sku,title,price,,\n1,2,3,4,5\n",
        b"sku,title,price,price,<script>alert(1)</script>\n1,<i>bold</i>,3,4,<img src=x>\n",
        ",".join(f"c{n}" for n in range(500)).encode() + b"\n1\n",
        b"",
        b"%PDF-1.7",
        b"<rss><item><title>Lamp</title><price>3</price></item></rss>",
        b'[{"titel": "Lamp", "deep": ' + b"[" * 500 + b"]" * 500 + b"}]",
    ],
    ids=["10,000 columns", "5 MB", "nameless", "markup", "500 columns", "empty", "pdf", "xml", "deep json"],
)
async def test_any_file_has_a_page(world: World, client: Client, content: bytes) -> None:
    feed = await send(await desk(world, client), content)
    for answer in (await client.get(f"/supplier/feeds/{feed}/columns"), await choose(client, feed, {}, "preview")):
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text and "<img src=x>" not in answer.text and "<i>bold" not in answer.text


async def test_a_lost_file_has_a_page_too(world: World, client: Client) -> None:
    feed = await send(await desk(world, client), STRANGE)
    stored = await fetch_one("SELECT path FROM feed WHERE id = $1", feed)
    assert stored
    (feeds_folder() / stored["path"]).unlink()
    assert "We have lost this file" in (await client.get(f"/supplier/feeds/{feed}/columns")).text
    assert (await choose(client, feed, CHOSEN)).status_code == 200
    assert await read_again(feed) is None


async def test_shopifys_columns_are_known(world: World, client: Client) -> None:
    content = b"Handle,Title,Option1 Name,Option1 Value,Variant Price\nlamp,Lamp,Colour,Red,4.90\n"
    text = (await client.get(f"/supplier/feeds/{await send(await desk(world, client), content)}/columns")).text
    assert "nothing to choose" in text and "<select" not in text and "€4.90" in text


async def test_a_supplier_sees_and_forgets_what_he_told(world: World, client: Client) -> None:
    theirs = await world.supplier("Casa Pratas")
    await mapping.remember(theirs, {"farbe": "colour"})
    supplier = await desk(world, client)
    await mapping.remember(supplier, TOLD, {"wie es heisst": "Wie es heißt"})
    text = (await client.get("/supplier/mapping")).text
    assert "Wie es heißt" in text and "Attribute “Material”" in text and "farbe" not in text
    other = (await mapping.remembered(theirs))[0]["id"]
    assert (await client.post(f"/supplier/mapping/{other}/deletion")).status_code == 404
    for told in await mapping.remembered(supplier):
        assert (await client.post(f"/supplier/mapping/{told['id']}/deletion")).status_code == 200
    assert "Nothing told yet" in (await client.get("/supplier/mapping")).text
    assert await mapping.mapping_of(theirs) == {"farbe": "colour"}


async def test_a_feed_keeps_the_meaning_that_it_began_with(world: World) -> None:
    supplier = await world.supplier()
    await mapping.remember(supplier, TOLD)
    feed = await send(supplier, STRANGE)
    claimed = await feeds.claim(feed)
    assert claimed is not None
    await mapping.remember(supplier, dict.fromkeys(TOLD))
    await feeds.let_go(feed)
    again = await feeds.claim(feed)
    assert again is not None
    assert mapping.mapping_in(claimed) == mapping.mapping_in(again) == TOLD
    with open_feed(feeds_folder() / again["path"], mapping=mapping.mapping_in(again)) as rows:
        assert [one.fields["title"] for one in rows if isinstance(one, RawRow)] == ["Lampe", "Stuhl"]


async def test_the_same_file_is_not_unchanged_when_its_columns_mean_something_else(world: World) -> None:
    supplier = await world.supplier()
    content = as_csv([row("A", brand="Alcova")])
    await send_and_take(supplier, content)
    await mapping.remember(supplier, {"brand": ""})
    told = await feeds.claim(await send(supplier, content))
    assert told is not None
    assert not await feeds.is_unchanged(told, (await context_of(told)).fingerprint)


async def test_a_feed_is_read_again_as_a_new_one_of_the_same_file(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    feed = await send(supplier, STRANGE, mode="delta")
    await feeds.fail(feed, "There is no column with the price.", "columns")
    page = (await client.get(f"/supplier/feeds/{feed}")).text
    assert "Tell us what your columns mean" in page
    answer = await choose(client, feed, CHOSEN, "read")
    assert answer.status_code == 303
    again = int(answer.headers["location"].rpartition("/")[2])
    rows = await fetch("SELECT id, path, content_hash, size, mode, filename, state FROM feed ORDER BY id")
    assert [one["id"] for one in rows] == [feed, again]
    assert len({tuple(one)[1:6] for one in rows}) == 1
    assert [one["state"] for one in rows] == ["failed", "waiting"]


async def test_of_two_clicks_at_once_one_feed_comes(world: World, client: Client) -> None:
    feed = await send(await desk(world, client), STRANGE)
    await feeds.fail(feed, "There is no column with the price.", "columns")
    assert await read_again(feed) is not None
    assert await read_again(feed) is None
    answer = await choose(client, feed, CHOSEN, "read")
    assert answer.headers["location"] == f"/supplier/feeds/{feed}"
    assert "A later feed has been taken" in (await client.get(answer.headers["location"])).text


async def test_an_older_feed_does_not_bring_back_what_a_later_one_changed(world: World) -> None:
    supplier = await world.supplier()
    old = await send_and_take(supplier, [row("A", price="1.00")])
    await send_and_take(supplier, [row("A", price="2.00")])
    assert await read_again(old.id) is None


async def test_a_supplier_that_may_not_send_reads_nothing_again(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    feed = await send(supplier, STRANGE)
    await feeds.fail(feed, "There is no column with the price.", "columns")
    await execute("UPDATE supplier SET state = $2 WHERE id = $1", supplier, SupplierState.SUSPENDED)
    answer = await choose(client, feed, CHOSEN, "read")
    assert answer.status_code == 422 and "suspended" in answer.text
    assert len(await fetch("SELECT id FROM feed")) == 1


async def test_what_is_remembered_has_a_limit(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "MOST", 3)
    supplier = await desk(world, client)
    feed = await send(supplier, STRANGE)
    answer = await choose(client, feed, CHOSEN)
    assert answer.status_code == 422 and selected(answer.text, "c2") == "price"
    assert await mapping.mapping_of(supplier) == {}


async def test_what_is_no_field_is_not_remembered(world: World) -> None:
    supplier = await world.supplier()
    for told in ({"a": "nothing"}, {"": "price"}):
        with pytest.raises(ValueError, match=r"no field|without a name"):
            await mapping.remember(supplier, {"b": "price", **told})
    assert await mapping.mapping_of(supplier) == {}


def test_every_field_of_ours_has_words() -> None:
    for field in FIELDS:
        assert words_of(field)
