"""Suppliers' pictures that no product shows any more go after a month, with their files.

A system that writes another number behind each link with every feed ("lamp.jpg?v=17") would else fill the disk, and
have us look at all that it ever named each month.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta

from app.catalog import picture_files
from app.infra.clock import now
from app.infra.database import execute, fetch, transaction

KEPT = timedelta(days=30)  # without being shown: its supplier may come back to it, and copies of pages may be late
LOOKED_AT = 20_000  # pictures, for which all orders are looked through
BATCH = 500  # pictures whose files go in one transaction

_KEY = "split_part(image, '/', 3)"  # of an address of ours: /pictures/{key}/{drawing}
_SHOWN = f"SELECT {_KEY} FROM product UNION SELECT {_KEY} FROM variant"  # noqa: S608 - constants

Ordered = Callable[[Sequence[str]], Awaitable[Collection[str]]]


async def forget_unused(ordered: Ordered) -> int:
    """Note which are shown by nothing, and delete those that were not for KEPT; returns how many.

    Args:
        ordered: tells which of some pictures (keys) are shown by an order. Those stay.
    """
    at = now()
    await execute(f"UPDATE picture SET unused_since = NULL WHERE unused_since IS NOT NULL AND key IN ({_SHOWN})")  # noqa: S608
    await execute(
        f"""UPDATE picture p SET unused_since = $1, next_attempt_at = $2  -- by then it is gone: nobody looks again
            WHERE unused_since IS NULL AND state <> 'waiting' AND attempts = 0
            AND NOT EXISTS (SELECT FROM product WHERE {_KEY} = p.key)
            AND NOT EXISTS (SELECT FROM variant WHERE {_KEY} = p.key)""",  # noqa: S608
        at,
        at + 2 * KEPT,
    )
    gone, last = 0, ""
    while keys := await _unused(at - KEPT, last):
        last, kept = keys[-1], set(await ordered(keys))
        rest = [key for key in keys if key not in kept]
        for start in range(0, len(rest), BATCH):
            gone += await _forget(rest[start : start + BATCH], at - KEPT)
    return gone


async def _unused(before: datetime, after: str) -> list[str]:
    rows = await fetch(
        "SELECT key FROM picture WHERE unused_since < $1 AND attempts = 0 AND key > $2 ORDER BY key LIMIT $3",
        before,
        after,
        LOOKED_AT,
    )
    return [row["key"] for row in rows]


async def _forget(keys: Sequence[str], before: datetime) -> int:
    """Not what is wanted again meanwhile: who notes that waits until the files are gone, and has it fetched anew."""
    async with transaction():
        rows = await fetch(
            """DELETE FROM picture WHERE key = ANY($1) AND unused_since < $2 AND attempts = 0  -- else one is at it
               RETURNING key""",
            list(keys),
            before,
        )
        await asyncio.to_thread(picture_files.remove, [row["key"] for row in rows])
    return len(rows)
