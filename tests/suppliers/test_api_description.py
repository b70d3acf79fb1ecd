"""What the API says of itself is what it does."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import validate

from app.main import create_app
from app.suppliers.api_description import ENDPOINTS, openapi
from app.suppliers.api_fields import FIELDS
from app.suppliers.api_keys import Scope
from app.suppliers.formats.vocabulary import meaning
from tests.accounts.people import Client
from tests.suppliers.line import as_csv, row, send_and_take, take_all
from tests.suppliers.programs import PLACE, program
from tests.world import World

FOR_PEOPLE = {("GET", ""), ("GET", "/openapi.json")}


def test_the_description_is_valid(environment: None) -> None:
    validate(openapi())


def test_every_address_is_described_and_nothing_else(environment: None) -> None:
    shop: Any = create_app()
    served = {
        (method, route.path.removeprefix(PLACE).replace(":int}", "}").replace(":path}", "}"))
        for route in shop.app.routes
        if route.path.startswith(PLACE)
        for method in route.methods - {"OPTIONS", "HEAD"}
    }
    assert served - FOR_PEOPLE == {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
async def test_the_scopes_and_refusals_of_an_endpoint_are_those_described(
    world: World, client: Client, endpoint: Any
) -> None:
    supplier = await world.supplier()
    path = endpoint.path.format(feed_id=1, sku="A")
    for scope in Scope:
        answer = await (await program(client, supplier, scope)).call(endpoint.method, path)
        assert (answer.status_code == 403) == (scope not in endpoint.scopes)
        assert answer.status_code in {endpoint.status, 403, *endpoint.refusals}


def test_every_field_is_understood_as_itself() -> None:
    assert {field.name: getattr(meaning(field.name), "field", None) for field in FIELDS} == {
        field.name: field.name for field in FIELDS
    }


async def test_every_example_is_taken_without_a_warning(world: World, client: Client) -> None:
    await send_and_take(await world.supplier(), [row("A")])
    caller = await program(client, await world.supplier())
    whole = {field.name: field.example for field in FIELDS}
    answer = await caller.call("PUT", "/offers/B", json={**whole, "stocks": {"LIS": 6, "OPO": 8}})
    assert (answer.status_code, answer.json().get("warnings")) == (200, []), answer.text


async def test_answers_are_as_described(world: World, client: Client) -> None:
    caller = await program(client, await world.supplier())
    feed = await send_and_take(await world.supplier(), [row("A"), row("B", price="none"), row("C", gtin="1")])
    accepted = await caller.call("PUT", "/offers/A", json={"title": "Lamp", "price": 5, "stock": 1, "gtin": "1"})
    await take_all()
    answers = {
        "Feed": await caller.call("POST", "/feeds", content=as_csv([row("A")])),
        "Feeds": await caller.call("GET", "/feeds?limit=1"),
        "RowProblems": await caller.call("GET", f"/feeds/{feed.id}/problems"),
        "Accepted": accepted,
        "Standing": await caller.call("GET", "/offers/A"),
        "Problem": await caller.call("PUT", "/offers/A", json={"price": "x"}),
    }
    described = openapi()
    for name, answer in answers.items():
        schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
        problems = [error.message for error in Draft202012Validator(schema).iter_errors(answer.json())]
        assert not problems, (name, problems)
    for endpoint in ENDPOINTS:
        assert endpoint.answer in answers


async def test_the_page_names_every_address_and_field(world: World, client: Client) -> None:
    text = (await client.get(PLACE)).text
    assert not [each for each in ENDPOINTS if f"<code>{each.method} {each.path}</code>" not in text]
    assert not [field for field in FIELDS if f"<code>{field.name}</code>" not in text]
    assert "<script src" not in text.replace('src="/static/', "")
    served = (await client.get(f"{PLACE}/openapi.json")).json()
    assert served == openapi()
