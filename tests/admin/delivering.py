"""What the tests of the delivery desk share: an operator who is signed in, and forms as a browser sends them."""

import html
import re
from typing import Any

from app.delivery.estimate import delivery_map
from app.delivery.lanes import lanes_of
from app.infra.database import fetch
from tests.accounts.people import Client, person, sign_in
from tests.delivery.portugal import at

OPERATOR = "rui@example.pt"
POSTCODES = "/admin/delivery/postcodes"
TABLE = "prefix,place,zone\n1,Lisboa,lisboa\n4,Porto,porto\n"  # as the world says already
MORE = TABLE + "1200-109,Sé,lisboa\n45,Penafiel,porto\n"


async def as_operator(client: Client) -> Client:
    await person(OPERATOR, "operator")
    await sign_in(client, email=OPERATOR)
    return client


async def date_in_porto(level: str = "standard") -> str | None:
    """When an order of a Tuesday morning from LIS arrives in Porto."""
    found = (await delivery_map()).promise(("LIS",), 0, "porto", at("2026-11-24 10:00"), level)
    return str(found.date) if found else None


def fields_in(text: str) -> dict[str, str]:
    """What a browser would send back of the page's text fields and choices, unchanged."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", text):
        name, value = re.search(r'\bname="([^"]+)"', tag), re.search(r'\bvalue="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag and 'type="file"' not in tag:
            found[name[1]] = html.unescape(value[1]) if value else ""
    for name, inside in re.findall(r'<textarea[^>]*\bname="([^"]+)"[^>]*>\n?(.*?)</textarea>', text, re.DOTALL):
        found[name] = html.unescape(inside)
    for name, inside in re.findall(r'<select[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.findall(r'value="([^"]*)" selected', inside) + re.findall(r'value="([^"]*)"', inside)
        found[name] = html.unescape(chosen[0]) if chosen else ""
    return found


async def form(client: Client, path: str) -> dict[str, str]:
    return fields_in((await client.get(path)).text)


async def send(client: Client, path: str, values: dict[str, str]) -> Any:
    return await client.post(path, data=values, follow_redirects=False)


async def field(kind: str, zone: str, level: str) -> str:
    (row,) = await fetch(
        "SELECT z.id AS zone, s.id AS level FROM zone z, service_level s WHERE z.code = $1 AND s.code = $2", zone, level
    )
    return f"{kind}-{row['zone']}-{row['level']}"


async def typed(zone: str, level: str, days: str, price: str, free: str = "") -> dict[str, str]:
    said = zip(("days", "price", "free"), (days, price, free), strict=True)
    return {await field(kind, zone, level): text for kind, text in said}


async def changes() -> list[tuple[str, str, str]]:
    rows = await fetch("SELECT subject, before, after FROM delivery_change ORDER BY id")
    return [(row["subject"], row["before"], row["after"]) for row in rows]


async def lanes() -> dict[Any, str]:
    return {way: rules.words for way, rules in (await lanes_of("LIS", ["lisboa", "porto"])).items()}


async def upload(client: Client, content: bytes | str, name: str = "table.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return await client.post(POSTCODES, files={"file": (name, data)}, follow_redirects=False)


async def kept(client: Client, content: bytes | str) -> str:
    """The address of the page that shows what the file would change."""
    answer = await upload(client, content)
    assert answer.status_code == 303, re.findall(r'field-error".*?<span>(.*?)</span>', answer.text)
    return str(answer.headers["location"])


async def apply(client: Client, address: str, **more: str) -> Any:
    seen = fields_in((await client.get(address)).text).get("seen", "")
    return await send(client, f"{address}/application", {"seen": seen, **more})


async def table() -> dict[str, tuple[str, str]]:
    rows = await fetch("SELECT a.prefix, a.place, z.code FROM postcode_area a JOIN zone z ON z.id = a.zone")
    return {row["prefix"]: (row["place"], row["code"]) for row in rows}


def counts(text: str) -> list[int]:
    """New, changed, removed, wrong."""
    return [int(each.replace(",", "")) for each in re.findall(r"<dd><b>([\d,]+)</b>", text)]
