"""What applying a table of postcodes that was sent would do to the table that counts."""

from dataclasses import dataclass
from typing import Any

from app.delivery.estimate import versions
from app.infra.database import fetch, fetch_one

EXAMPLES = 10
MOST = 0.5  # of the prefixes: a table that would remove more is perhaps a part of one
KINDS = ("new", "changed", "removed")


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


def _example(kind: str, row: Any) -> str:
    before, after = (f"{row['place' + part]} in {row['zone' + part]}" for part in ("_before", ""))
    said = {"new": after, "changed": f"{before} → {after}", "removed": before}
    return f"{row['prefix']} {said[kind]}"


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


async def _mark() -> str:
    return str((await versions()).get("postcode_area", 0))
