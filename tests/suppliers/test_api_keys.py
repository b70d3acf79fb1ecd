"""Rules of the keys by which suppliers' programs are known, and of the desk's page about them."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from app.infra.clock import frozen, now
from app.infra.database import fetch, fetch_one
from app.suppliers import api_keys
from app.suppliers.api_keys import LIVE_KEYS, Scope, TooManyKeys
from tests.accounts.people import Client, person, sign_in
from tests.suppliers.desks import desk
from tests.suppliers.programs import PLACE, Program, key_for
from tests.world import World

FORM = {"name": "Stock system", "feeds:read": "1"}


async def make(client: Client, **form: str) -> Any:
    return await client.post("/supplier/keys", data=form or FORM, follow_redirects=False)


def shown(answer: Any) -> str:
    """The new key on the page, "" if there is none."""
    found = re.search(r'id="key">(feira_[^<]+)<', answer.text)
    return found[1] if found else ""


async def test_a_key_is_shown_once_and_kept_as_a_hash(world: World, client: Client) -> None:
    await desk(world, client)
    made = await make(client)
    key = shown(made)
    assert made.status_code == 200 and len(key) == 57
    assert "no-store" in made.headers["cache-control"]
    later = await client.get("/supplier/keys")
    assert key not in later.text and key[:14] in later.text and "Stock system" in later.text
    (row,) = await fetch("SELECT * FROM api_key")
    assert not [value for value in row.values() if key[14:] in str(value)]
    assert (await Program(client, key).call("GET", "/feeds")).status_code == 200


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({"name": "", "feeds:read": "1"}, "name", "Name the program"),
        ({"name": "<b>", "x": "1"}, "scopes", "Choose what the key may do"),
        ({"name": "x" * 61, "feeds:read": "1"}, "name", "at most 60"),
        ({"name": "Shop", "admin": "1"}, "scopes", "Choose what the key may do"),
    ],
)
async def test_a_form_that_cannot_be_taken_says_why_and_keeps_what_was_typed(
    world: World, client: Client, form: dict[str, str], field: str, words: str
) -> None:
    await desk(world, client)
    answer = await make(client, **form)
    assert answer.status_code == 422
    assert words in answer.text and f'href="#{field}"' in answer.text and "<title>Error:" in answer.text
    assert "<b>" not in re.findall(r'id="name"[^>]*value="([^"]*)"', answer.text)
    assert not await fetch("SELECT 1 FROM api_key")


async def test_a_revoked_key_is_refused_at_once_and_for_good(world: World, client: Client) -> None:
    await desk(world, client)
    key = shown(await make(client))
    row = await fetch_one("SELECT id FROM api_key")
    assert row
    path = f"/supplier/keys/{row['id']}/revocation"
    answer = await client.post(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/supplier/keys")
    text = (await client.get("/supplier/keys")).text
    assert "is revoked" in text and key[:14] not in text
    refused = await client.get(f"{PLACE}/feeds", headers={"authorization": f"Bearer {key}"})
    assert refused.status_code == 401
    assert (await client.post(path)).status_code == 404


async def test_another_suppliers_key_can_neither_be_seen_nor_revoked(world: World, client: Client) -> None:
    theirs = await key_for(await world.supplier("Casa Pratas"))
    row = await fetch_one("SELECT id FROM api_key")
    assert row
    await desk(world, client)
    assert theirs[:14] not in (await client.get("/supplier/keys")).text
    assert (await client.post(f"/supplier/keys/{row['id']}/revocation")).status_code == 404
    assert await api_keys.caller_of(theirs)


async def test_of_many_keys_made_at_once_no_more_live_than_allowed(world: World, client: Client) -> None:
    supplier = await desk(world, client)
    account = await fetch_one("SELECT id FROM account")
    assert account
    tries = (api_keys.create(supplier, account["id"], f"Key {n}", {Scope.FEEDS_READ}) for n in range(LIVE_KEYS + 5))
    made = await asyncio.gather(*tries, return_exceptions=True)
    assert len([each for each in made if isinstance(each, str)]) == LIVE_KEYS
    assert all(isinstance(each, str | TooManyKeys) for each in made)
    full = await make(client)
    assert full.status_code == 422 and "Revoke one" in full.text and 'value="Stock system"' in full.text
    row = await fetch_one("SELECT id FROM api_key LIMIT 1")
    assert row
    await api_keys.revoke(supplier, row["id"])
    assert shown(await make(client))


async def test_the_last_use_is_noted_at_most_once_a_minute(world: World) -> None:
    key = await key_for(await world.supplier())

    async def used(after: timedelta) -> Any:
        with frozen(start + after):
            assert await api_keys.caller_of(key)
        row = await fetch_one("SELECT last_used_at FROM api_key")
        return row and row["last_used_at"] - start

    start = now()
    assert await used(timedelta()) == timedelta()
    assert await used(timedelta(seconds=50)) == timedelta()
    assert await used(timedelta(seconds=70)) == timedelta(seconds=70)


async def test_keys_are_for_suppliers_with_a_desk(world: World, client: Client) -> None:
    assert (await client.get("/supplier/keys", follow_redirects=False)).status_code == 303
    await person()
    await sign_in(client)
    assert (await client.get("/supplier/keys")).status_code == 403
    assert (await make(client)).status_code == 403
