"""Service levels, as operators set them: what they are called, in which order shoppers see them, which there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.delivery.changing import ChangedMeanwhile, version_of, write_down
from app.delivery.promises import STANDARD
from app.infra.database import execute, fetch, fetch_one, transaction

MOST_LEVELS = 8
SUBJECT = "Service levels"


class NotAllowed(Exception):
    """It cannot be done; the message says why, to the operator."""


@dataclass(frozen=True)
class Level:
    code: str
    name: str
    lanes: int = 0  # that use it

    @property
    def words(self) -> str:
        return f"{self.code} “{self.name}”"


def words_of(levels: Sequence[Level]) -> str:
    return ", ".join(level.words for level in levels)


def mark_of(levels: Sequence[Level]) -> str:
    """A mark of names and order, to stand in a form."""
    return version_of(words_of(levels))


async def levels() -> list[Level]:
    """In the order in which shoppers see them."""
    rows = await fetch(
        """SELECT s.code, s.name, (SELECT count(*) FROM lane l WHERE l.service_level = s.id) AS lanes
           FROM service_level s ORDER BY s.position, s.id"""
    )
    return [Level(row["code"], row["name"], row["lanes"]) for row in rows]


async def change_levels(account_id: int, seen: str, to: Sequence[Level]) -> None:
    """Give the levels these names and this order; what they say already is no change.

    Raises:
        ChangedMeanwhile: they are no longer what `seen` marks.
    """
    async with transaction():
        before = await _locked()
        if words_of(before) == words_of(to):
            return
        if mark_of(before) != seen or {level.code for level in before} != {level.code for level in to}:
            raise ChangedMeanwhile(words_of(before))
        await execute(
            """UPDATE service_level s SET name = t.name, position = t.position
               FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS t (code, name, position) WHERE s.code = t.code""",
            [level.code for level in to],
            [level.name for level in to],
        )
        await write_down(account_id, SUBJECT, words_of(before), words_of(to))


async def add_level(account_id: int, added: Level) -> None:
    """Add a level behind the others; the same one once more changes nothing.

    Raises:
        NotAllowed: another one has this code or name, or there are enough.
    """
    async with transaction():
        before = await _locked()
        if any((level.code, level.name) == (added.code, added.name) for level in before):
            return
        if any(level.code == added.code for level in before):
            raise NotAllowed(f"There is a level of the code {added.code} already")
        if any(level.name.casefold() == added.name.casefold() for level in before):
            raise NotAllowed(f"There is a level called “{added.name}” already")
        if len(before) >= MOST_LEVELS:
            raise NotAllowed(f"There are at most {MOST_LEVELS} service levels. Remove one first")
        await execute(
            """INSERT INTO service_level (code, name, position)
               SELECT $1, $2, coalesce(max(position), 0) + 1 FROM service_level""",
            added.code,
            added.name,
        )
        await write_down(account_id, SUBJECT, words_of(before), words_of([*before, added]))


async def remove_level(account_id: int, code: str) -> None:
    """Take a level away; one that is gone already stays gone.

    Raises:
        NotAllowed: a lane uses it, or dates are promised by it.
    """
    async with transaction():
        before = await _locked()
        # Who sets a lane holds the level's row: after this, no lane comes that is not counted below.
        row = await fetch_one("SELECT id, name FROM service_level WHERE code = $1 FOR UPDATE", code)
        if row is None:
            return
        if code == STANDARD:
            raise NotAllowed(f"“{row['name']}” stays: the dates on every page are promised by it")
        used = await fetch_one("SELECT count(*) AS lanes FROM lane WHERE service_level = $1", row["id"])
        if used and used["lanes"]:
            lanes = "a lane. Remove it" if used["lanes"] == 1 else f"{used['lanes']} lanes. Remove them"
            raise NotAllowed(f"“{row['name']}” is used by {lanes} first")
        await execute("DELETE FROM service_level WHERE id = $1", row["id"])
        after = [level for level in before if level.code != code]
        await write_down(account_id, SUBJECT, words_of(before), words_of(after))


async def _locked() -> list[Level]:
    """The levels, which nobody else changes until the transaction is over."""
    await execute("LOCK TABLE service_level IN SHARE ROW EXCLUSIVE MODE")
    return await levels()
