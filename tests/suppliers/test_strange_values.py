"""A row may hold what no page can show and no table can store: it is judged like any other, and reported."""

import json

from app.infra.database import fetch
from tests.suppliers.line import row, send_and_take
from tests.world import World


async def test_what_a_reason_quotes_can_be_stored(world: World) -> None:
    strange = [
        {**row("A"), "stocks": {"\0\ud800": "3"}},
        {**row("B"), "currency": "\0\0"},
        {**row("C"), "price": "1\0\ud800"},
    ]
    feed = await send_and_take(await world.supplier(), json.dumps([*strange, row("D")]).encode())
    assert (feed.state, feed.received, feed.rejected, feed.applied) == ("finished", 4, 3, 1)
    said = await fetch("SELECT reason FROM feed_problem WHERE severity = 'rejected'")
    assert len(said) == 3 and all(each["reason"].isprintable() for each in said)


async def test_a_deeply_nested_value_is_empty(world: World) -> None:
    deep = b"[" * 600 + b"]" * 600
    content = b'[{"sku": "A", "title": %b, "price": "1"}, %b]' % (deep, json.dumps(row("B")).encode())
    feed = await send_and_take(await world.supplier(), content)
    assert (feed.state, feed.received, feed.rejected, feed.applied) == ("finished", 2, 1, 1)
