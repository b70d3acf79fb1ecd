"""Every address of the shop has a rule (`tests/access_rules.py`), and every rule is tried with everybody.

Who is refused has changed nothing, and reads nothing of anybody else; nor does who sends others' numbers in forms.
"""

import re
from typing import Any

import pytest

from app.infra.database import execute
from app.main import create_app
from tests.access_rules import RULES
from tests.market import PEOPLE, Market, People, mail_of, market
from tests.untouched import Belongings, Untouched, forged, shown_of_others

__all__ = ["market"]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# Methods that an address does not have are refused before anybody is asked who they are, and HEAD is made GET before
# that (app/web/middleware.py): these few try them.
TRY_ALL_METHODS = ("nobody", "shopper", "operator")


def addresses() -> set[tuple[str, str]]:
    shop: Any = create_app()
    return {
        (method, route.path_format if "{" not in route.path else route.path)
        for route in shop.app.routes
        for method in route.methods - {"OPTIONS", "HEAD"}
    }


def test_every_address_has_a_rule(environment: None) -> None:
    assert addresses() == set(RULES)


def _filled(path: str, value: str) -> str:
    before, brace, rest = path.partition("{")
    after = re.sub(r"\{.*?\}", "1", rest.partition("}")[2])
    return before + (value or "nothing") + after if brace else path


def requests(market: Market, who: str) -> list[tuple[str, str, int, str]]:
    """(method, address, expected status, object) of everything that can be asked; 0 is an answer of one's own."""
    found = []
    for path in dict.fromkeys(path for _, path in RULES):
        objects = {kind for (_, at), rules in RULES.items() if at == path for kind in rules}
        for method in METHODS:
            rules = RULES.get(("GET" if method == "HEAD" else method, path))
            if (rules is None or method == "HEAD") and who not in TRY_ALL_METHODS:
                continue
            for kind in sorted(objects if rules is None else rules):
                rule = {"else": 405} if rules is None else rules[kind]
                found.append((method, _filled(path, market.objects[kind]), rule.get(who, rule.get("else", 0)), kind))
    return found


@pytest.mark.parametrize("who", PEOPLE)
async def test_everybody_gets_what_the_rules_say(client: Any, market: Market, who: str) -> None:
    people = People(client, market)
    asked = requests(market, who)
    wrong: list[tuple[Any, ...]] = []

    async def ask(method: str, address: str, kind: str, form: dict[str, str] | None) -> int:
        await people.become(who)
        answer = await client.request(method, address, data=form, follow_redirects=False)
        told = market.objects["order of guest"] if kind == "payment" else ""  # to whoever has its random address
        shown = shown_of_others(market, who, f"{address} {form} {told}", answer)
        wrong.extend((method, address, "shows", secret) for secret in shown)
        return answer.status_code

    untouched = await Untouched.begin()
    for method, address, expected, kind in asked:
        if expected:
            status = await ask(method, address, kind, forged(market) if method == "POST" else None)
            if status not in ({404, 405} if expected == 405 else {expected}):
                wrong.append((method, address, status, expected))
            wrong.extend((method, address, "changed", table) for table in await untouched.changed())
    theirs = await Belongings.begin(market, who)
    for method, address, expected, kind in asked:
        if not expected:
            status = await ask(method, address, kind, None)
            if status >= 500 or (status in (403, 404) and kind):
                wrong.append((method, address, status, expected))
            if method == "POST" and await ask(method, address, kind, forged(market)) >= 500:
                wrong.append((method, address, "falls over"))
            wrong.extend((method, address, "changed", table) for table in await theirs.changed())
    assert wrong == [], "\n".join(map(str, wrong))


@pytest.mark.parametrize("who", ["operator", "supplier"])
async def test_a_number_that_no_row_has_finds_nothing(client: Any, market: Market, who: str) -> None:
    await People(client, market).become(who)
    wrong = []
    for method, path in RULES:
        numbered = re.sub(r"\{\w+:(?!int)\w+\}", "en", path)
        for number in (-(2**70), 0, 2**31, 2**63 - 1, 2**63) if ":int}" in path else ():
            address = re.sub(r"\{\w+:int\}", str(number), numbered)
            status = (await client.request(method, address, follow_redirects=False)).status_code
            if status >= 500 or (status != 404 and not 0 <= number < 2**63):
                wrong.append((method, address, status))
    assert wrong == [], "\n".join(map(str, wrong))


async def test_a_text_that_no_row_has_finds_nothing(client: Any, market: Market) -> None:
    await People(client, market).become("operator")
    wrong = []
    for method, path in RULES:
        address = re.sub(r"\{\w+:(?!int)\w+\}", "en%00", path)
        if address != path:
            answer = await client.request(method, re.sub(r"\{\w+:int\}", "1", address), follow_redirects=False)
            if answer.status_code != (401 if method == "PUT" else 404):  # that program is told more about its SKU
                wrong.append((method, address, answer.status_code))
    assert wrong == [], "\n".join(map(str, wrong))


async def test_a_role_that_is_taken_away_counts_at_once(client: Any, market: Market) -> None:
    await People(client, market).become("supplier")
    assert (await client.get("/supplier/feeds")).status_code == 200
    await execute("UPDATE account SET role = 'shopper' WHERE email = $1", mail_of("supplier"))
    assert (await client.get("/supplier/feeds")).status_code == 403
