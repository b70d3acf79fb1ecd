"""What arrives by mail, before there is a mail: the letters that an account's events ask for."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.accounts.letters import Letter, letter_of
from app.infra.database import fetch
from tests.accounts.people import Client


async def letters() -> list[Letter]:
    """Written now, of every event so far."""
    rows = await fetch("SELECT payload FROM outbox WHERE topic = 'accounts' ORDER BY id")
    written = [await letter_of(json.loads(row["payload"])) for row in rows]
    return [letter for letter in written if letter]


async def last_link() -> str:
    """Path and query of the last letter's link."""
    parts = urlsplit([letter for letter in await letters() if letter.link][-1].link)
    return f"{parts.path}?{parts.query}"


def token_in(link: str) -> str:
    return parse_qs(urlsplit(link).query)["token"][0]


async def press(client: Client, link: str, **more: str) -> Any:
    """The button (or form) of the page that a link leads to."""
    return await client.post(urlsplit(link).path, data={"token": token_in(link), **more}, follow_redirects=False)
