"""Wishlists as pages and forms, without JavaScript and with it."""

import asyncio
import re
from typing import Any

from app.infra.database import execute, fetch
from tests.accounts.people import Client, person, sign_in
from tests.world import World

HX = {"HX-Request": "true"}


async def keep(client: Client, offer: int, **more: str) -> Any:
    return await client.post("/wishlists/entries", data={"offer": str(offer), **more})


async def entry_id() -> int:
    return int((await fetch("SELECT max(id) AS id FROM wishlist_entry"))[0]["id"])


async def test_an_empty_list_says_how_to_fill_it(client: Client) -> None:
    answer = await client.get("/wishlists")
    assert answer.status_code == 200 and "Nothing is on it yet" in answer.text
    assert "Sign in to find your lists" in answer.text


async def test_a_guest_keeps_a_product_writes_a_note_and_moves_it_to_the_cart(client: Client, world: World) -> None:
    lamp = await world.product("Alcova lamp")
    page = await keep(client, lamp.offer)
    assert "On “Wishlist”: Alcova lamp." in page.text and f"/p/{lamp.slug}" in page.text
    assert "already" in (await keep(client, lamp.offer)).text
    entry = f"/wishlists/entries/{await entry_id()}"
    assert "for &lt;Rui&gt;" in (await client.post(entry, data={"note": "for <Rui>"})).text
    assert "at most 300" in (await client.post(entry, data={"note": "x" * 301})).text
    assert "Added: Alcova lamp." in (await client.post(entry, data={"cart": "1"})).text
    assert "Alcova lamp" in (await client.get("/cart")).text
    assert "Nothing is on it yet" in (await client.get("/wishlists")).text
    assert "no longer on your list" in (await client.post(entry, data={"cart": "1"})).text


async def test_a_double_click_moves_one_piece_to_the_cart(client: Client, world: World) -> None:
    lamp = await world.product("Alcova lamp")
    await keep(client, lamp.offer)
    entry = f"/wishlists/entries/{await entry_id()}"
    await asyncio.gather(*(client.post(entry, data={"cart": "1"}) for _ in range(4)))
    assert [row["quantity"] for row in await fetch("SELECT quantity FROM cart_line")] == [1]


async def test_the_heart_answers_htmx_with_itself_and_the_news(client: Client, world: World) -> None:
    lamp = await world.product("Alcova lamp")
    answer = await client.post("/wishlists/entries", data={"offer": str(lamp.offer)}, headers=HX)
    assert "data-kept" in answer.text and "On “Wishlist”: Alcova lamp." in answer.text and "<html" not in answer.text
    for wrong in ("", "0", "9" * 30, "x", "\x00"):
        refused = await client.post("/wishlists/entries", data={"offer": wrong}, headers=HX)
        assert refused.status_code == 422 and "there is no such product" in refused.text


async def test_what_is_sold_out_stays_on_the_list(client: Client, world: World) -> None:
    gone = await world.product("Barro mug", stock={})
    assert "Sold out" in (await keep(client, gone.offer)).text
    answer = await client.post(f"/wishlists/entries/{await entry_id()}", data={"cart": "1"})
    assert "sold out" in answer.text and "Barro mug" in answer.text


async def test_a_shared_list_shows_nothing_of_its_owner_and_can_be_bought_from(client: Client, world: World) -> None:
    await person("marta@example.pt")
    await sign_in(client, email="marta@example.pt")
    lamp = await world.product("Alcova lamp")
    await keep(client, lamp.offer)
    (row,) = await fetch("SELECT id, token FROM wishlist")
    assert (await client.get(f"/w/{row['token']}")).status_code == 404
    page = await client.post(f"/wishlists/{row['id']}", data={"name": "Birthday", "visibility": "link"})
    assert f"/w/{row['token']}" in page.text
    client.cookies.clear()
    seen = await client.get(f"/w/{row['token']}")
    assert seen.status_code == 200 and "Birthday" in seen.text and "Add to cart" in seen.text
    assert '<meta property="og:title" content="Birthday">' in seen.text
    assert seen.headers["x-robots-tag"] == "noindex"
    assert "marta" not in seen.text.lower()
    assert (await client.get("/w/%00")).status_code == 404


async def test_a_product_s_page_knows_the_lists_that_it_can_go_onto_or_is_on(client: Client, world: World) -> None:
    lamp, mug = await world.product("Alcova lamp"), await world.product("Barro mug")
    await client.post("/wishlists", data={"new_name": "Birth <b>day</b>"})
    birthday = (await fetch("SELECT max(id) AS id FROM wishlist"))[0]["id"]
    page = (await client.get(f"/p/{lamp.slug}")).text
    assert f'<option value="{birthday}">Birth &lt;b&gt;day&lt;/b&gt;</option>' in page
    await keep(client, lamp.offer, list=str(birthday))
    page = (await client.get(f"/p/{lamp.slug}")).text
    assert "On “Birth &lt;b&gt;day&lt;/b&gt;”" in page and f'href="/wishlists/{birthday}" data-kept' in page
    assert "save-list" not in page and "save-list" in (await client.get(f"/p/{mug.slug}")).text
    answer = await keep(client, mug.offer, list=str(birthday), words="1")
    assert "On “Birth &lt;b&gt;day&lt;/b&gt;”: Barro mug." in answer.text
    await client.post(f"/wishlists/{birthday}", data={"discard": "1"})
    assert "the list is gone" in (await keep(client, mug.offer, list=str(birthday))).text  # from a page opened before


async def test_search_engines_find_the_lists_that_are_public_and_no_others(client: Client, world: World) -> None:
    await person("marta@example.pt")
    await sign_in(client, email="marta@example.pt")
    await keep(client, (await world.product("Alcova lamp")).offer)
    (row,) = await fetch("SELECT id, token FROM wishlist")
    await client.post(f"/wishlists/{row['id']}", data={"name": "Birthday", "visibility": "public"})
    assert "/w/" not in (await client.get("/sitemap.xml")).text  # whose it is, nobody knows
    await execute("UPDATE account SET email_confirmed_at = now()")
    for visibility, is_found in (("link", False), ("public", True), ("private", False)):
        await client.post(f"/wishlists/{row['id']}", data={"name": "Birthday", "visibility": visibility})
        assert ("/w/" in (await client.get("/sitemap.xml")).text) is is_found
        if is_found:
            seen = await client.get(f"/w/{row['token']}")
            assert "x-robots-tag" not in seen.headers and "noindex" not in seen.text


async def test_lists_are_begun_renamed_and_removed(client: Client) -> None:
    page = await client.post("/wishlists", data={"new_name": "Kitchen"})
    assert "<h1>Kitchen</h1>" in page.text
    number = page.url.path.rsplit("/", 1)[1]
    wrong = await client.post("/wishlists", data={"new_name": " "})
    assert wrong.status_code == 422 and "Give the list a name" in wrong.text
    for values in ({"name": ""}, {"name": "x" * 61}, {"name": "Ok", "visibility": "friends"}):
        refused = await client.post(f"/wishlists/{number}", data=values)
        assert refused.status_code == 422 and re.search(
            "Give the list a name|Use at most 60|Choose who may see", refused.text
        )
    gone = await client.post(f"/wishlists/{number}", data={"discard": "1"})
    assert "“Kitchen” is gone" in gone.text
    assert (await client.get(f"/wishlists/{number}")).status_code == 404
    assert (await client.post(f"/wishlists/{number}", data={"name": "x"})).status_code == 404


async def test_what_a_guest_kept_is_there_after_signing_in(client: Client, world: World) -> None:
    await person("marta@example.pt")
    lamp = await world.product("Alcova lamp")
    await keep(client, lamp.offer)
    await sign_in(client, email="marta@example.pt")
    assert "Alcova lamp" in (await client.get("/wishlists")).text
