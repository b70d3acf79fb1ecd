"""What an account's owner gave us, to take along (GDPR, article 20): one JSON document, made when it is asked for.

Slices that stand above accounts add their parts through a list that the application's assembly fills.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from app.accounts import tries
from app.accounts.sessions import Viewer
from app.infra.clock import now
from app.infra.database import fetch, fetch_one

# Takes the account id; gives rows of plain values.
Part = Callable[[int], Awaitable[list[dict[str, Any]]]]

parts: dict[str, Part] = {}


async def document(viewer: Viewer) -> bytes:
    """Raises TooMany: asked for too often within the hour."""
    await tries.count(tries.EXPORTS, str(viewer.id))
    whole: dict[str, Any] = {
        "made_at": now(),
        "account": await _account(viewer.id),
        "devices": await _devices(viewer.id),
    }
    for name, part in parts.items():
        whole[name] = await part(viewer.id)
    return msgspec.json.format(msgspec.json.encode(whole), indent=2)


async def _account(account_id: int) -> dict[str, Any]:
    row = await fetch_one(
        "SELECT name, email, email_confirmed_at, role, postcode, created_at FROM account WHERE id = $1", account_id
    )
    return dict(row) if row else {}


async def _devices(account_id: int) -> list[dict[str, Any]]:
    rows = await fetch(
        "SELECT device, created_at AS since, seen_at, expires_at FROM session WHERE account = $1 ORDER BY id",
        account_id,
    )
    return [dict(row) for row in rows]
