"""Operators see what consumers gave up on, send it again, or lay it aside with a reason."""

from typing import Any

import pytest

from app.admin.dead_letter_pages import about
from app.events import dead_letters
from app.infra.database import fetch
from tests.accounts.people import Client
from tests.events.burying import buried


async def posted(desk: Client, path: str, **form: str) -> Any:
    return await desk.post(f"/admin/dead-letters{path}", data=form)


async def state(letter: int) -> str:
    return (await dead_letters.letter(letter)).state


async def test_what_waits_is_listed_and_counted(desk: Client) -> None:
    assert "None waits" in (await desk.get("/admin/dead-letters")).text
    await buried(payload={"kind": "batch", "feed": 12, "number": 3})
    await buried("cache", payload={"products": [4, 5, 6]})
    page = (await desk.get("/admin/dead-letters")).text
    assert "Part 3 of feed 12" in page and "3 products" in page and "ValueError: no" in page
    assert "Send all 2 again" in page
    page = (await desk.get("/admin/dead-letters?consumer=cache&topic=products")).text
    assert "feed 12" not in page and "Send it again" in page
    assert 'href="/admin/dead-letters">2</a>' in (await desk.get("/admin")).text


async def test_one_letter_is_sent_again_and_a_second_click_does_nothing(desk: Client) -> None:
    letter, other = await buried(), await buried()
    assert "1 event will come again" in (await posted(desk, f"/{letter}/replay")).text
    assert (await state(letter), await state(other)) == ("replayed", "waiting")
    again = await posted(desk, f"/{letter}/replay")
    assert "before you" in again.text and "Sent again" in again.text
    assert len(await fetch("SELECT 1 FROM outbox")) == 1


async def test_all_letters_of_a_consumer_are_sent_again(desk: Client) -> None:
    mine, other = await buried("cache"), await buried("search")
    assert "1 event will" in (await posted(desk, "/replay", consumer="cache", topic="products")).text
    assert (await state(mine), await state(other)) == ("replayed", "waiting")
    assert "1 event will" in (await posted(desk, "/replay")).text
    assert "No letter was waiting" in (await posted(desk, "/replay")).text


@pytest.mark.parametrize("note", ["", "x" * 501])
async def test_a_letter_is_not_laid_aside_without_a_reason_and_nothing_typed_is_lost(desk: Client, note: str) -> None:
    letter = await buried()
    answer = await posted(desk, f"/{letter}/discard", note=note)
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text and note in answer.text
    assert await state(letter) == "waiting"


async def test_a_letter_that_is_laid_aside_keeps_the_reason(desk: Client) -> None:
    letter = await buried()
    assert "is laid aside" in (await posted(desk, f"/{letter}/discard", note="Sent twice <by mistake>")).text
    assert "Sent twice &lt;by mistake&gt;" in (await desk.get(f"/admin/dead-letters/{letter}")).text
    assert "before you" in (await posted(desk, f"/{letter}/discard", note="again")).text
    assert "None waits" in (await desk.get("/admin/dead-letters")).text
    assert "Laid aside" in (await desk.get("/admin/dead-letters?settled=1")).text


@pytest.mark.parametrize("path", ["/7", "/99999999999999999999", "/x"])
async def test_a_letter_that_never_was_is_a_404(desk: Client, path: str) -> None:
    assert (await desk.get(f"/admin/dead-letters{path}")).status_code == 404


async def test_a_payload_of_any_shape_is_shown(desk: Client) -> None:
    payloads: list[dict[str, Any]] = [
        {"products": []},
        {"kind": "end", "feed": 1},
        {"n": ["<b>", None]},
        {"text": "x" * 9000},
    ]
    for payload in payloads:
        letter = await buried(payload=payload)
        assert (await desk.get(f"/admin/dead-letters/{letter}")).status_code == 200
        assert about(await dead_letters.letter(letter))
