"""What the tests of the delivery desk share: an operator who is signed in, and forms as a browser sends them."""

import html
import re
from typing import Any

from tests.accounts.people import Client, person, sign_in

OPERATOR = "rui@example.pt"


async def as_operator(client: Client) -> Client:
    await person(OPERATOR, "operator")
    await sign_in(client, email=OPERATOR)
    return client


def fields_in(text: str) -> dict[str, str]:
    """What a browser would send back of the page's text fields, unchanged."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name, value = re.search(r'\bname="([^"]+)"', tag), re.search(r'\bvalue="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag and 'type="file"' not in tag:
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found


async def form(client: Client, path: str) -> dict[str, str]:
    return fields_in((await client.get(path)).text)


async def send(client: Client, path: str, values: dict[str, str]) -> Any:
    return await client.post(path, data=values, follow_redirects=False)
