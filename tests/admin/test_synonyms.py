"""Operators keep the lists of synonyms: checked, tried before they count, one at a time, with a history."""

import re
from typing import Any

import pytest

from app.infra.database import fetch
from app.search.engine import engine
from app.search.query import Query
from app.search.synonyms import current
from tests.accounts.people import Client, person, sign_in
from tests.search.conftest import Reindex, reindex
from tests.search.synonyms.conftest import lists
from tests.search.synonyms.test_proposing import asked, followed
from tests.world import World

__all__ = ["lists", "reindex"]  # fixtures

OPERATOR = "rui@example.pt"
PLACE = "/admin/search/synonyms"
ENGLISH = f"{PLACE}/en"


@pytest.fixture
async def desk(reindex: Reindex, lists: None, world: World, client: Client) -> Client:
    await world.product("Alcova desk lamp")
    await world.product("Vidro floor lamp")
    await reindex()
    await person(OPERATOR, "operator")
    await sign_in(client, email=OPERATOR)
    return client


async def send(client: Client, path: str, values: dict[str, str]) -> Any:
    return await client.post(path, data=values, follow_redirects=False)


async def saved() -> list[tuple[int, str]]:
    rows = await fetch("SELECT version, text FROM synonym_version WHERE version > 0 ORDER BY id")
    return [(row["version"], row["text"]) for row in rows]


async def found(q: str) -> int:
    """How many products a shopper's search finds."""
    return (await engine().count(Query(q=q)))[0]


async def test_a_saved_rule_is_in_the_next_search(desk: Client) -> None:
    assert await found("zorb") == 0
    answer = await send(desk, ENGLISH, {"seen": "0", "text": "zorb => lamp"})
    assert (answer.status_code, answer.headers["location"]) == (303, ENGLISH)
    assert await found("zorb") == 2


async def test_a_query_is_tried_before_the_list_counts(desk: Client) -> None:
    answer = await send(desk, f"{ENGLISH}/trial", {"seen": "0", "text": "zorb => alcova", "q": "zorb <b>"})
    assert answer.status_code == 200 and "<i>alcova</i>" in answer.text and "zorb =&gt; alcova" in answer.text
    answer = await send(desk, f"{ENGLISH}/trial", {"seen": "0", "text": "zorb => alcova", "q": "zorb"})
    counts = re.findall(r'<th scope="row">([^<]+)</th><td class="num end">(\d+)', answer.text)
    assert counts == [("None at all", "0"), ("As saved", "0"), ("By the list below", "1")]
    assert await saved() == [] and not current().of(["zorb"])


async def test_a_list_with_a_bad_line_is_kept_in_the_form_and_not_saved(desk: Client) -> None:
    answer = await send(desk, ENGLISH, {"seen": "0", "text": "zorb, quux\nlamp\nhob => <b>"})
    assert answer.status_code == 422 and "<title>Error:" in answer.text
    assert "<b>Line 2:</b> <code" in answer.text and "hob =&gt; &lt;b&gt;" in answer.text
    assert await saved() == []


async def test_the_second_of_two_operators_keeps_the_text_and_sees_who_was_first(desk: Client) -> None:
    await send(desk, ENGLISH, {"seen": "0", "text": "zorb, quux"})
    answer = await send(desk, ENGLISH, {"seen": "0", "text": "zorb, frob"})
    assert answer.status_code == 409
    assert "Ana saved version 1" in answer.text and "\nzorb, frob</textarea>" in answer.text
    assert await saved() == [(1, "zorb, quux")]
    assert 'name="seen" value="1"' in answer.text
    assert (await send(desk, ENGLISH, {"seen": "1", "text": "zorb, frob"})).status_code == 303


async def test_a_form_sent_twice_is_saved_once(desk: Client) -> None:
    for _ in range(2):
        assert (await send(desk, ENGLISH, {"seen": "0", "text": "zorb, quux"})).status_code == 303
    assert await saved() == [(1, "zorb, quux")]


async def test_a_version_shows_what_it_changed_and_can_be_restored(desk: Client) -> None:
    for seen, text in (("0", "zorb, quux"), ("1", "zorb, quux\nfrob => lamp")):
        await send(desk, ENGLISH, {"seen": seen, "text": text})
    text = (await desk.get(f"{ENGLISH}/versions/2")).text
    assert "+ frob =&gt; lamp</ins>" in text and "quux</ins>" not in text
    answer = await send(desk, f"{ENGLISH}/versions/1/restoration", {"seen": "1"})
    assert answer.status_code == 409  # it is version 2 that counts
    assert (await send(desk, f"{ENGLISH}/versions/1/restoration", {"seen": "2"})).status_code == 303
    assert (await saved())[-1] == (3, "zorb, quux") and not current().of(["frob"])
    text = (await desk.get(ENGLISH)).text
    assert [f"Version {n}<" in text for n in range(5)] == [True, True, True, True, False]


async def test_what_shoppers_tried_next_becomes_a_rule(desk: Client) -> None:
    await followed("zorb", "vidro", (2, 1), (2, 2))
    text = (await desk.get(PLACE)).text
    assert "4 times on 2 days" in text and 'value="vidro"' in text
    values = {"query": "zorb", "next_query": "vidro", "meaning": "vidro", "language": "en"}
    for _ in range(2):
        assert (await send(desk, f"{PLACE}/proposals/addition", values)).status_code == 303
    assert len(await saved()) == 1
    assert await found("zorb") == 1
    assert "4 times" not in (await desk.get(PLACE)).text


async def test_what_found_nothing_is_shown_until_it_finds_something(desk: Client) -> None:
    await asked("zalcova", (2, 1, 0), (2, 2, 0))
    await asked("desk", (2, 1, 0), (2, 2, 0))  # somebody sells it now
    await asked("qqqqqq", (2, 1, 0), (2, 2, 0))
    text = (await desk.get(PLACE)).text
    assert "<b>qqqqqq</b>" in text and "<b>desk</b>" not in text


async def test_what_failed_is_shown_with_the_words_of_the_catalogue_that_are_near(desk: Client) -> None:
    await asked("qqqqqq vidroxx lomp", (2, 1, 0), (2, 2, 0))
    text = (await desk.get(PLACE)).text
    assert re.findall(r"Near in the catalogue: ([^<]+)<", text) == ["lamp, vidro"]
    assert 'name="meaning" value="lamp"' in text


async def test_what_was_dismissed_stays_away_until_it_is_taken_back(desk: Client) -> None:
    await followed("zorb", "lamp", (2, 1), (2, 2))
    answer = await send(desk, f"{PLACE}/proposals/dismissal", {"query": "zorb", "next_query": "lamp"})
    assert answer.status_code == 303
    text = (await desk.get(PLACE)).text
    assert "proposed no more" in text and "4 times" not in text
    assert text.count("Nothing to decide") == 2 and "Propose again" in text
    back = {"query": "zorb", "next_query": "lamp"}
    assert (await send(desk, f"{PLACE}/proposals/dismissal/removal", back)).status_code == 303
    text = (await desk.get(PLACE)).text
    assert "is proposed again" in text and "4 times" in text and "Propose again" not in text
    for nothing in (back, {}, {"query": "\x00" * 200, "next_query": "x" * 5_000}):
        answer = await send(desk, f"{PLACE}/proposals/dismissal/removal", nothing)
        assert answer.status_code == 422 and "not dismissed" in answer.text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Choose a proposal"),
        ({"query": "zorb", "language": "en"}, "Say what"),
        ({"query": "zorb", "meaning": "lamp", "language": "../en"}, "Choose a proposal"),
        ({"query": "zorb", "meaning": "#,=>", "language": "en"}, "Write at least two words"),
        ({"query": "zorb", "meaning": "a b c d e f", "language": "en"}, "more than 5 words"),
        ({"query": "zorb", "meaning": "x" * 500, "language": "en"}, "longer than 400"),
    ],
)
async def test_a_proposal_that_makes_no_rule_is_refused(desk: Client, values: dict[str, str], said: str) -> None:
    answer = await send(desk, f"{PLACE}/proposals/addition", values)
    assert answer.status_code == 422 and said in answer.text and "<title>Error:" in answer.text
    assert await saved() == []


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("x" * 1_000_000, 422),
        ("x" * 2_000_000, 413),
        ("\x00, \u202e\n" * 5_000, 422),
        ("lamp, mug\n" * 5_001, 422),
        ("<script>alert(1)</script>", 422),
        ("\n".join(f"a{n} => b{n}\nb{n} => a{n}" for n in range(2_000)), 303),
    ],
    ids=["long", "longer", "signs", "lines", "script", "circles"],
)
async def test_hostile_lists_get_an_answer(desk: Client, text: str, status: int) -> None:
    answer = await send(desk, ENGLISH, {"seen": "0", "text": text})
    assert answer.status_code == status and "<script>alert" not in answer.text
    assert len(await saved()) == (status == 303)
    assert (await desk.get("/search?q=a1+b1+a2+lamp")).status_code == 200


@pytest.mark.parametrize("seen", ["", "-1", "x", "9" * 40, "0; DROP TABLE", "１"])
async def test_a_mark_that_is_none_overwrites_nothing(desk: Client, seen: str) -> None:
    assert (await send(desk, ENGLISH, {"seen": seen, "text": "zorb, quux"})).status_code == 409
    assert await saved() == []


async def test_what_is_not_there_is_not_found(desk: Client) -> None:
    for path in ("xx", "..%2Fen", "en%00", "en/versions/0", "en/versions/7", f"en/versions/{'9' * 30}"):
        assert (await desk.get(f"{PLACE}/{path}")).status_code == 404, path
    assert (await send(desk, f"{PLACE}/xx", {"seen": "0", "text": "a, b"})).status_code == 404
    assert (await send(desk, f"{ENGLISH}/trial", {})).status_code == 200
    assert (await send(desk, ENGLISH, {"seen": "0"})).status_code == 422


async def test_only_operators_see_and_change_synonyms(desk: Client) -> None:
    await send(desk, ENGLISH, {"seen": "0", "text": "zorb, quux"})
    await person()
    reads = (PLACE, ENGLISH, f"{ENGLISH}/versions/1")
    posts = (
        ENGLISH,
        f"{ENGLISH}/trial",
        f"{ENGLISH}/versions/0/restoration",
        f"{PLACE}/proposals/addition",
        f"{PLACE}/proposals/dismissal",
        f"{PLACE}/proposals/dismissal/removal",
    )
    values = {"seen": "1", "text": "a, b", "query": "a", "meaning": "b", "language": "en"}
    for signed_in, refused in ((False, 303), (True, 403)):
        desk.cookies.clear()
        if signed_in:
            await sign_in(desk)
        for path in reads:
            assert (await desk.get(path, follow_redirects=False)).status_code == refused
        for path in posts:
            assert (await send(desk, path, values)).status_code == refused
    assert await saved() == [(1, "zorb, quux")] and not await fetch("SELECT FROM synonym_dismissal")
