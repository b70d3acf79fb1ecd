"""What the home page asks of its shopper: all of it by one statement, and nothing of it when that takes long."""

import asyncio
from dataclasses import dataclass, field

import msgspec

from app.accounts.owners import Owner
from app.infra.database import fetch_one
from app.infra.outages import DatabaseUnavailable
from app.recommendations.known import KNOWN, Known, KnownRow
from app.storefront.resuming import COMING, OnItsWay
from app.wishlists.hearts import REMEMBERED, Remembered, remembered

PATIENCE_SECONDS = 0.5

_ALL = f"""
SELECT (SELECT to_jsonb(known) FROM ({KNOWN}) AS known)::text AS known,
       (SELECT to_jsonb(coming) FROM ({COMING}) AS coming)::text AS coming, {REMEMBERED}"""  # noqa: S608


@dataclass(frozen=True)
class Asked:
    """`coming`: the next order that arrives; `remembered`: None where that is not known."""

    known: Known = field(default_factory=Known)
    coming: OnItsWay | None = None
    remembered: Remembered | None = None


async def ask(owner: Owner | None, looked_at: int | None) -> Asked:
    """Of nobody who has looked at nothing, nothing is asked.

    Args:
        looked_at: the product that the browser itself remembers as the last.
    """
    if owner is None and looked_at is None:
        return Asked()
    account, visitor = (owner.account, owner.visitor) if owner else (None, None)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            row = await fetch_one(_ALL, account, visitor, looked_at)
    except (DatabaseUnavailable, TimeoutError):
        return Asked()  # what is personal is shed first
    assert row is not None
    coming = msgspec.json.decode(row["coming"], type=OnItsWay) if row["coming"] else None
    shopper = msgspec.json.decode(row["known"], type=KnownRow).known
    return Asked(shopper, coming, remembered(row))
