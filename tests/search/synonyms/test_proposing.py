"""What the log of searches proposes: often enough, on different days, not known and not dismissed."""

from datetime import date, timedelta

from app.infra.clock import now
from app.infra.database import execute
from app.search.synonyms import load, proposing
from app.search.synonyms.parsing import Synonyms
from tests.accounts.people import person


def days_ago(days: int) -> date:
    return now().date() - timedelta(days=days)


async def followed(query: str, next_query: str, *times_on: tuple[int, int]) -> None:
    """(times, days ago) of each day."""
    for times, days in times_on:
        await execute(
            "INSERT INTO search_followed (day, query, next_query, times) VALUES ($1, $2, $3, $4)",
            days_ago(days),
            query,
            next_query,
            times,
        )


async def asked(query: str, *times_on: tuple[int, int, int]) -> None:
    """(times, days ago, products found) of each day."""
    for times, days, found in times_on:
        await execute(
            "INSERT INTO search_asked (day, query, shown, asked, found) VALUES ($1, $2, $2, $3, $4)",
            days_ago(days),
            query,
            times,
            found,
        )


async def pairs(synonyms: Synonyms | None = None) -> list[tuple[str, str, int, int]]:
    found = await proposing.followed(synonyms or Synonyms.empty())
    return [(each.query, each.next_query, each.times, each.days) for each in found]


async def test_a_pair_is_proposed_when_it_came_often_and_on_different_days(db: None) -> None:
    await followed("settee", "sofa", (2, 1), (1, 2))
    await followed("divan", "sofa", (9, 1))  # one afternoon
    await followed("pouffe", "stool", (1, 1), (1, 2))  # twice
    await followed("ottoman", "stool", (9, 100), (9, 101))  # long ago
    await followed("couch", "sofa", (5, 1), (5, 2))
    assert await pairs() == [("couch", "sofa", 10, 2), ("settee", "sofa", 3, 2)]


async def test_what_a_rule_says_already_is_not_proposed(db: None) -> None:
    await followed("big settee", "sofa", (2, 1), (2, 2))
    await followed("settee", "sofas", (2, 1), (2, 2))
    assert await pairs(load({"en": "settee => sofa"})[0]) == [("big settee", "sofa", 4, 2)]


async def test_what_was_dismissed_is_not_proposed_again_and_the_rest_is(db: None) -> None:
    me = await person()
    await followed("settee", "sofa", (2, 1), (2, 2))
    await followed("settee", "chair", (2, 1), (2, 2))
    await asked("settee", (2, 1, 0), (2, 2, 0))
    for _ in range(2):
        await proposing.dismiss(me, "settee", "chair")
    assert await pairs() == [("settee", "sofa", 4, 2)]
    assert [each.query for each in await proposing.failed()] == ["settee"]
    await proposing.dismiss(me, "settee", "")
    assert await proposing.failed() == []


async def test_a_search_that_found_something_the_last_time_has_not_failed(db: None) -> None:
    await asked("zorb", (2, 2, 0), (2, 1, 0))
    await asked("quux", (2, 2, 0), (2, 1, 4))
    await asked("frob", (2, 2, 4), (2, 1, 0))  # sold out since
    await asked("once", (9, 1, 0))
    assert [(each.query, each.times) for each in await proposing.failed()] == [("frob", 4), ("zorb", 4)]
