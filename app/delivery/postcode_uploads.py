"""Tables of postcodes that operators send: kept for a while, compared with what counts, and applied in one step.

What a table does not list is removed, except prefixes that stand on a line which was left out: a misspelt zone is no
reason to stop delivering there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from app.delivery.changing import ChangedMeanwhile, write_down
from app.delivery.postcode_differences import Difference, difference
from app.delivery.postcode_table import Judge, Problem
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction

KEPT = timedelta(hours=2)
KEPT_PROBLEMS = 5_000  # more of them are counted only


class NotThere(LookupError):
    """There is no such upload, or nobody may use it any more.

    Attributes:
        is_applied: it was applied.
    """

    def __init__(self, *, is_applied: bool = False) -> None:
        super().__init__("no such upload")
        self.is_applied = is_applied


class NotChosen(Exception):
    """The operator has to choose something first. Nothing was done.

    Attributes:
        choices: the names of what is missing: "leave_out", "remove_most"; "" when no line of it can be used.
    """

    def __init__(self, choices: Sequence[str]) -> None:
        super().__init__(", ".join(choices))
        self.choices = choices


@dataclass(frozen=True)
class Upload:
    id: int
    filename: str
    operator: str
    line_count: int
    entry_count: int
    problems: list[Problem]  # the first KEPT_PROBLEMS
    problem_count: int
    created_at: Any
    expires_at: Any

    @property
    def wrong_lines(self) -> int:
        return self.line_count - self.entry_count


def _prefixes(count: int) -> str:
    return f"{count:,} prefix{'es' if count != 1 else ''}"


async def zone_countries() -> dict[str, str]:
    """Code of each zone -> its country."""
    return {row["code"]: row["country"] for row in await fetch("SELECT code, country FROM zone ORDER BY code")}


async def keep(account_id: int, filename: str, line_count: int, judge: Judge) -> int:
    """Keep a table for KEPT, in place of this operator's others; returns its number."""
    entries = list(judge.entries.values())
    async with transaction():
        await sweep()
        await execute("DELETE FROM postcode_upload WHERE account = $1", account_id)
        row = await fetch_one(
            """INSERT INTO postcode_upload (account, filename, line_count, prefixes, places, zones, spared, problems,
                   problem_count, created_at, expires_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id""",
            account_id,
            filename[:120],
            line_count,
            [entry.prefix for entry in entries],
            [entry.place for entry in entries],
            [entry.zone for entry in entries],
            sorted(judge.spared.difference(judge.entries)),
            msgspec.json.encode(judge.problems[:KEPT_PROBLEMS]).decode(),
            len(judge.problems),
            now(),
            now() + KEPT,
        )
    assert row is not None
    return int(row["id"])


async def upload(upload_id: int) -> Upload:
    """Raises NotThere."""
    row = await fetch_one(
        """SELECT u.id, u.filename, a.name AS operator, u.line_count, cardinality(u.prefixes) AS entry_count,
                  u.problems, u.problem_count, u.created_at, u.expires_at, u.applied_at
           FROM postcode_upload u JOIN account a ON a.id = u.account WHERE u.id = $1""",
        upload_id,
    )
    _refuse_unusable(row)
    assert row is not None
    problems = msgspec.json.decode(row["problems"], type=list[Problem])
    return Upload(**{name: row[name] for name in Upload.__annotations__ if name != "problems"}, problems=problems)


async def waiting() -> list[Any]:
    """Uploads that can still be applied, the newest first: id, filename, operator, created_at."""
    return await fetch(
        """SELECT u.id, u.filename, a.name AS operator, u.created_at
           FROM postcode_upload u JOIN account a ON a.id = u.account
           WHERE u.applied_at IS NULL AND u.expires_at > $1 ORDER BY u.id DESC LIMIT 20""",
        now(),
    )


async def apply(upload_id: int, account_id: int, seen: str, chosen: Sequence[str]) -> Difference:
    """Let the table of postcodes say what the upload says; what it says already is no change.

    Args:
        seen: the mark of the difference that the operator saw.
        chosen: of "leave_out" (lines with a problem) and "remove_most".

    Raises:
        NotThere: it is gone, too old, or was applied.
        NotChosen: it has problems, or would remove most of the table.
        ChangedMeanwhile: the table is no longer what `seen` marks, or a zone is gone.
    """
    async with transaction():
        row = await fetch_one("SELECT * FROM postcode_upload WHERE id = $1 FOR UPDATE", upload_id)
        _refuse_unusable(row)
        assert row is not None
        await execute("LOCK TABLE postcode_area IN SHARE ROW EXCLUSIVE MODE")
        found = await difference(upload_id)
        if not found.is_nothing:
            if found.mark != seen or not await _has_zones(upload_id):
                raise ChangedMeanwhile(found.words)
            if not row["prefixes"]:
                raise NotChosen([""])
            _refuse_unchosen(row["problem_count"], found, chosen)
            await _replace(upload_id)
            await write_down(
                account_id,
                f"Postcodes from {row['filename']}"[:120],
                _prefixes(found.present),
                f"{_prefixes(found.count_after)}: {found.words}",
            )
        await execute(
            """UPDATE postcode_upload SET applied_at = $2, prefixes = '{}', places = '{}', zones = '{}', spared = '{}'
               WHERE id = $1""",
            upload_id,
            now(),
        )
    return found


async def _replace(upload_id: int) -> None:
    # Nobody has counted the arrays: PostgreSQL takes them for short, and would compare each prefix with each.
    await execute("SET LOCAL enable_nestloop = off")
    await execute(
        """DELETE FROM postcode_area a WHERE NOT EXISTS (
               SELECT FROM (SELECT unnest(prefixes || spared) AS prefix FROM postcode_upload WHERE id = $1) t
               WHERE t.prefix = a.prefix)""",
        upload_id,
    )
    await execute(
        """UPDATE postcode_area a SET place = t.place, zone = z.id
           FROM postcode_upload u, unnest(u.prefixes, u.places, u.zones) AS t (prefix, place, code)
           JOIN zone z USING (code)
           WHERE u.id = $1 AND t.prefix = a.prefix AND (a.place, a.zone) IS DISTINCT FROM (t.place, z.id)""",
        upload_id,
    )
    await execute(
        """INSERT INTO postcode_area (prefix, place, zone)
           SELECT t.prefix, t.place, z.id
           FROM postcode_upload u, unnest(u.prefixes, u.places, u.zones) AS t (prefix, place, code)
           JOIN zone z USING (code)
           WHERE u.id = $1 AND NOT EXISTS (SELECT FROM postcode_area a WHERE a.prefix = t.prefix)""",
        upload_id,
    )


async def throw_away(upload_id: int) -> None:
    """Forget an upload; one that is gone already stays gone."""
    await execute("DELETE FROM postcode_upload WHERE id = $1", upload_id)


async def sweep() -> None:
    """Forget what is too old."""
    await execute("DELETE FROM postcode_upload WHERE expires_at <= $1", now())


def _refuse_unusable(row: Any) -> None:
    if row is None or row["applied_at"] or row["expires_at"] <= now():
        raise NotThere(is_applied=bool(row and row["applied_at"]))


def _refuse_unchosen(problem_count: int, found: Difference, chosen: Sequence[str]) -> None:
    needed = {"leave_out": bool(problem_count), "remove_most": found.removes_most}
    if missing := [name for name, is_needed in needed.items() if is_needed and name not in chosen]:
        raise NotChosen(missing)


async def _has_zones(upload_id: int) -> bool:
    row = await fetch_one(
        """SELECT NOT EXISTS (SELECT unnest(zones) FROM postcode_upload WHERE id = $1 EXCEPT SELECT code FROM zone)
               AS there""",
        upload_id,
    )
    return bool(row and row["there"])
