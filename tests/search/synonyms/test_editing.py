"""Operators' lists: every version is kept, the newest counts, and searches go by it without the database."""

import asyncio

import pytest

from app.infra import database
from app.infra.database import fetch
from app.infra.outages import DatabaseUnavailable
from app.search.synonyms import current, editing, keeping, spreading
from app.search.synonyms.editing import LONGEST_TEXT, ChangedMeanwhile, NotSaved, add, save, stands, versions
from tests.accounts.people import person

pytestmark = pytest.mark.usefixtures("lists")


def means(word: str) -> list[str]:
    return [" ".join(other) for span in current().of([word]) for other in span.others]


async def test_a_list_is_empty_until_somebody_writes_it(db: None) -> None:
    found = await stands("en")
    assert (found.number, found.operator, found.text) == (0, "", "")
    assert await versions("en") == []


async def test_a_saved_list_is_what_searches_go_by_and_what_stood_before_can_be_restored(db: None) -> None:
    me = await person()
    before = (await stands("en")).text
    assert await save("en", me, 0, "zorb, quux")
    await spreading.spread()
    assert means("zorb") == ["quux"]
    assert [(each.number, each.operator) for each in await versions("en")] == [(1, "Ana"), (0, "")]
    assert await save("en", me, 1, (await editing.version("en", 0))[0].text)
    await spreading.spread()
    assert means("zorb") == []
    assert (await stands("en")).text == before and len(await versions("en")) == 3


async def test_searches_have_the_last_list_while_the_database_is_away_and_after_a_start(db: None) -> None:
    await save("en", await person(), 0, "zorb, quux")
    await spreading.spread()
    await database.close_pool()
    with pytest.raises(DatabaseUnavailable):
        await spreading.spread()
    spreading.forget()  # a new process
    assert means("zorb") == ["quux"]


async def test_a_process_takes_up_what_another_has_saved(db: None) -> None:
    me = await person()
    await save("en", me, 0, "zorb, quux")
    await spreading.spread()
    await save("en", me, 1, "zorb, frob")
    await spreading.spread()
    assert means("zorb") == ["frob"]
    keeping.edited("en").unlink()  # somebody cleans up
    await spreading.spread()
    assert means("zorb") == ["frob"]


async def test_of_two_who_save_at_once_one_is_told_and_none_is_lost(db: None) -> None:
    me = await person()
    answers = await asyncio.gather(*(save("en", me, 0, f"zorb, word{n}") for n in range(4)), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["ChangedMeanwhile"] * 3 + ["bool"]
    with pytest.raises(ChangedMeanwhile):
        await save("en", me, 0, "late, later")
    assert len(await versions("en")) == 2


async def test_rules_that_are_added_at_once_are_all_kept_and_each_once(db: None) -> None:
    me = await person()
    await asyncio.gather(*(add("pt", me, f"zorb{n % 4}", "lamp") for n in range(8)))
    lines = (await stands("pt")).text.split("\n")
    assert sorted(lines[-4:]) == [f"zorb{n} => lamp" for n in range(4)] and len(await versions("pt")) == 5


async def test_signs_of_rules_in_what_shoppers_typed_are_no_signs(db: None) -> None:
    await add("en", await person(), "a, b => c # d\ne", "lamp,\x00 \u202emug")
    assert (await stands("en")).text == "a b c d e => lamp mug"


@pytest.mark.parametrize("text", ["lamp", "a, b\n=> lamp", "x" * 500 + ", y", "a b c d e f, g", "\u202e,\u200b"])
async def test_a_list_with_lines_that_are_no_rules_is_not_saved(db: None, text: str) -> None:
    with pytest.raises(NotSaved) as caught:
        await save("en", await person(), 0, text)
    assert len(caught.value.problems) == 1
    assert not await fetch("SELECT FROM synonym_version")


async def test_a_list_that_is_too_long_is_not_saved(db: None) -> None:
    me = await person()
    for text in ("a, b\n" * (LONGEST_TEXT // 5 + 1), "x" * 1_000_000):
        with pytest.raises(NotSaved, match="100,000 characters"):
            await save("en", me, 0, text)
    with pytest.raises(NotSaved):
        await add("en", me, "zorb", "lamp " * 6_000)
    assert not await fetch("SELECT FROM synonym_version")


async def test_lines_count_as_they_are_seen_and_what_nobody_sees_is_dropped(db: None) -> None:
    await save("en", await person(), 0, "\n\nzo\x00rb, \u202equux\u2066 \r\nhob => cooktop\u2028tv, telly\r# end\n")
    assert (await stands("en")).text == "zorb, quux\nhob => cooktop\ntv, telly\n# end"


async def test_there_is_no_list_of_another_language(db: None) -> None:
    me = await person()
    for language in ("", "xx", "../en", "EN"):
        with pytest.raises(LookupError):
            await save(language, me, 0, "a, b")
