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
from app.delivery.estimate import versions
from app.delivery.postcode_table import Judge, Problem
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction

KEPT = timedelta(hours=2)
KEPT_PROBLEMS = 5_000  # more of them are counted only
EXAMPLES = 10
MOST = 0.5  # of the prefixes: a table that would remove more is perhaps a part of one


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


@dataclass(frozen=True)
class Difference:
    """What applying an upload would do to the table as it is in this moment.

    Attributes:
        counts: "new", "changed", "removed" -> how many prefixes.
        examples: the same -> the first ones (prefix, place, zone, place_before, zone_before).
        present: prefixes that there are now.
        mark: of the table that was compared, to stand in a form.
    """

    counts: dict[str, int]
    examples: dict[str, list[Any]]
    present: int
    mark: str

    @property
    def is_nothing(self) -> bool:
        return not any(self.counts.values())

    @property
    def removes_most(self) -> bool:
        return self.counts["removed"] > self.present * MOST

    @property
    def words(self) -> str:
        said = [f"{self.counts[kind]:,} {kind}{self._examples(kind)}" for kind in KINDS if self.counts[kind]]
        return "; ".join(said) or "nothing would change"

    @property
    def count_after(self) -> int:
        return self.present + self.counts["new"] - self.counts["removed"]

    def _examples(self, kind: str) -> str:
        shown = self.examples[kind][:5]
        more = ", …" if self.counts[kind] > len(shown) else ""
        return " (" + ", ".join(_example(kind, row) for row in shown) + more + ")"


KINDS = ("new", "changed", "removed")


def _example(kind: str, row: Any) -> str:
    before, after = (f"{row['place' + part]} in {row['zone' + part]}" for part in ("_before", ""))
    said = {"new": after, "changed": f"{before} → {after}", "removed": before}
    return f"{row['prefix']} {said[kind]}"


def _prefixes(count: int) -> str:
    return f"{count:,} prefix{'es' if count != 1 else ''}"


async def zone_codes() -> list[str]:
    return [row["code"] for row in await fetch("SELECT code FROM zone ORDER BY code")]


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


async def difference(upload_id: int) -> Difference:
    """The mark is read first: what is changed meanwhile is noticed when the upload is applied."""
    mark = await _mark()
    rows = await fetch(
        """WITH told AS (SELECT t.* FROM postcode_upload u, unnest(u.prefixes, u.places, u.zones)
                             AS t (prefix, place, zone) WHERE u.id = $1),
                spared AS (SELECT unnest(spared) AS prefix FROM postcode_upload WHERE id = $1),
                present AS (SELECT a.prefix, a.place, z.code AS zone FROM postcode_area a JOIN zone z ON z.id = a.zone),
                compared AS (
                    SELECT prefix, t.place, t.zone, p.place AS place_before, p.zone AS zone_before,
                           CASE WHEN p.place IS NULL THEN 'new' WHEN t.place IS NULL THEN 'removed' ELSE 'changed' END
                               AS kind
                    FROM told t FULL JOIN present p USING (prefix)
                    WHERE t.place IS DISTINCT FROM p.place OR t.zone IS DISTINCT FROM p.zone),
                counted AS (
                    SELECT *, count(*) OVER (PARTITION BY kind) AS of_kind,
                           row_number() OVER (PARTITION BY kind ORDER BY prefix) AS number
                    FROM compared WHERE kind <> 'removed' OR prefix NOT IN (SELECT prefix FROM spared))
           SELECT * FROM counted WHERE number <= $2 ORDER BY kind, number""",
        upload_id,
        EXAMPLES,
    )
    present = await fetch_one("SELECT count(*) AS count FROM postcode_area")
    found = {kind: [row for row in rows if row["kind"] == kind] for kind in KINDS}
    counts = {kind: found[kind][0]["of_kind"] if found[kind] else 0 for kind in KINDS}
    return Difference(counts, found, present["count"] if present else 0, mark)


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


async def _mark() -> str:
    return str((await versions()).get("postcode_area", 0))
