"""What a supplier told us about his columns, once: it holds in every feed of his that comes after."""

import json
from collections.abc import Mapping
from typing import Any

from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.suppliers.formats.mapping import meaning_of

MOST = 1_000  # columns that are remembered for one supplier


class TooMany(Exception):
    """More columns than we remember for one supplier."""


async def mapping_of(supplier_id: int) -> dict[str, str]:
    """column_key → field of ours, as `open_feed` takes it."""
    rows = await fetch("SELECT name, field FROM column_mapping WHERE supplier = $1", supplier_id)
    return {row["name"]: row["field"] for row in rows}


def mapping_in(feed: Any) -> dict[str, str]:
    """The mapping that holds for a claimed feed: as it was when its first reader began."""
    mapping: dict[str, str] = json.loads(feed["mapping"] or "{}")
    return mapping


async def remember(supplier_id: int, told: Mapping[str, str | None], shown: Mapping[str, str] | None = None) -> None:
    """Remember what columns mean: column_key → field; None: as we guess, so forget what was told. `shown`:
    column_key → the name as the supplier writes it.

    Raises:
        ValueError: no such field, or the empty key of a column that cannot be remembered; nothing is changed.
        TooMany: nothing is changed.
    """
    kept = {key: field for key, field in told.items() if field is not None}
    for key, field in kept.items():
        meaning_of(field)
        if not key:
            raise ValueError("a column without a name")
    async with transaction():
        await execute("SELECT id FROM supplier WHERE id = $1 FOR NO KEY UPDATE", supplier_id)
        forgotten = [key for key in told if key not in kept]
        await execute("DELETE FROM column_mapping WHERE supplier = $1 AND name = ANY($2)", supplier_id, forgotten)
        await _keep(supplier_id, kept, shown or {})
        row = await fetch_one("SELECT count(*) AS told FROM column_mapping WHERE supplier = $1", supplier_id)
        if row and row["told"] > MOST:
            raise TooMany


async def _keep(supplier_id: int, kept: Mapping[str, str], shown: Mapping[str, str]) -> None:
    if kept:
        await execute(
            """INSERT INTO column_mapping (supplier, name, shown, field, told_at)
               SELECT $1, *, $5 FROM unnest($2::text[], $3::text[], $4::text[])
               ON CONFLICT (supplier, name) DO UPDATE SET field = excluded.field, shown = excluded.shown,
                 told_at = excluded.told_at""",
            supplier_id,
            list(kept),
            [shown.get(key, key)[:200] for key in kept],
            list(kept.values()),
            now(),
        )


async def remembered(supplier_id: int) -> list[Any]:
    """Rows with id, shown, field and told_at, by name."""
    return await fetch(
        "SELECT id, shown, field, told_at FROM column_mapping WHERE supplier = $1 ORDER BY lower(shown), id",
        supplier_id,
    )


async def forget(supplier_id: int, mapping_id: int) -> str | None:
    """Forget one column of this supplier; its name, or None when there was none such."""
    row = await fetch_one(
        "DELETE FROM column_mapping WHERE supplier = $1 AND id = $2 RETURNING shown", supplier_id, mapping_id
    )
    return row["shown"] if row else None
