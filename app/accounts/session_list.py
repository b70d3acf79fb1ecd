"""The devices on which an account is signed in."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.devices import UNKNOWN
from app.accounts.sessions import MOST, Viewer
from app.infra.clock import now
from app.infra.database import fetch


@dataclass(frozen=True)
class Device:
    """A session as its owner sees it: what browser it is, and when it was here last, to the hour."""

    id: int
    words: str
    since: datetime
    seen_at: datetime
    is_here: bool


async def devices_of(viewer: Viewer) -> list[Device]:
    """This one first, then those that were here last."""
    rows = await fetch(
        """SELECT id, device, created_at, seen_at FROM session WHERE account = $1 AND expires_at > $2
           ORDER BY id = $3 DESC, seen_at DESC, id DESC LIMIT $4""",
        viewer.id,
        now(),
        viewer.session_id,
        MOST,
    )
    return [
        Device(row["id"], row["device"] or UNKNOWN, row["created_at"], row["seen_at"], row["id"] == viewer.session_id)
        for row in rows
    ]


async def end_one(viewer: Viewer, session_id: int) -> str:
    """Sign a device of this account out; returns its words, "" if it was out already or is another account's."""
    rows = await fetch("DELETE FROM session WHERE id = $1 AND account = $2 RETURNING device", session_id, viewer.id)
    return (rows[0]["device"] or UNKNOWN) if rows else ""
