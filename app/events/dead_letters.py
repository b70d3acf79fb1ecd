"""Events that a consumer gave up on: to be seen, sent again, or laid aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.infra.clock import now
from app.infra.database import fetch, fetch_one

LONGEST_NOTE = 500

_COLUMNS = """d.id, d.consumer, d.topic, d.event_id, d.key, d.payload, d.reason, d.attempts, d.created_at,
  d.replayed_at, d.discarded_at, d.note"""
_WAITING = "d.replayed_at IS NULL AND d.discarded_at IS NULL"
# A consumer that dies between burying and acknowledging buries again: of letters for one event the newest counts.
_NEWEST = """NOT EXISTS (SELECT FROM dead_letter n WHERE n.consumer = d.consumer AND n.event_id = d.event_id
                                                       AND n.id > d.id)"""


@dataclass(frozen=True)
class Letter:
    """One event that one consumer could not take; `reason` is the last error, `attempts` how often it tried."""

    id: int
    consumer: str
    topic: str
    event_id: UUID
    key: str
    payload: dict[str, Any]
    reason: str
    attempts: int
    created_at: datetime
    replayed_at: datetime | None
    discarded_at: datetime | None
    note: str

    @property
    def state(self) -> str:
        """waiting | replayed | discarded"""
        if self.discarded_at:
            return "discarded"
        return "replayed" if self.replayed_at else "waiting"


async def letters(*, consumer: str = "", topic: str = "", settled: bool = False, count: int = 100) -> list[Letter]:
    """The newest `count` letters, newest first; `settled` ones, too, or only those that wait for somebody."""
    rows = await fetch(
        f"""SELECT {_COLUMNS} FROM dead_letter d
            WHERE {_NEWEST} AND ($1 = '' OR d.consumer = $1) AND ($2 = '' OR d.topic = $2) AND ($3 OR {_WAITING})
            ORDER BY d.id DESC LIMIT $4""",  # noqa: S608 - our own conditions
        consumer,
        topic,
        settled,
        count,
    )
    return [_letter(row) for row in rows]


async def letter(letter_id: int) -> Letter:
    """Raises LookupError: there is none of that number."""
    row = await fetch_one(f"SELECT {_COLUMNS} FROM dead_letter d WHERE d.id = $1", letter_id)  # noqa: S608
    if row is None:
        raise LookupError(f"no dead letter {letter_id}")
    return _letter(row)


async def waiting() -> dict[tuple[str, str], int]:
    """(consumer, topic) → how many letters wait for somebody to do something about them."""
    rows = await fetch(
        f"""SELECT d.consumer, d.topic, count(*) AS count FROM dead_letter d WHERE {_NEWEST} AND {_WAITING}
            GROUP BY d.consumer, d.topic ORDER BY d.consumer, d.topic"""  # noqa: S608 - our own conditions
    )
    return {(row["consumer"], row["topic"]): row["count"] for row in rows}


async def replay(ids: Sequence[int]) -> int:
    """Send the events of waiting letters again; returns how many events.

    They go through the outbox with the id they always had: whoever has taken one before does not take it twice.
    """
    return await _replay("d.id = ANY($2)", list(ids))


async def replay_all(consumer: str = "", topic: str = "") -> int:
    """The same for all waiting letters, of a consumer or of a topic if one is given."""
    return await _replay("($2 = '' OR d.consumer = $2) AND ($3 = '' OR d.topic = $3)", consumer, topic)


async def discard(letter_id: int, note: str) -> bool:
    """Lay a waiting letter aside for good: its event will have no effect on its consumer. False if none waits.

    Raises:
        ValueError: there is no note that says why, or it is longer than LONGEST_NOTE.
    """
    note = note.strip()
    if not note:
        raise ValueError("say why it can be discarded")
    if len(note) > LONGEST_NOTE:
        raise ValueError(f"a note has at most {LONGEST_NOTE} characters")
    rows = await fetch(
        f"""UPDATE dead_letter d SET discarded_at = $2, note = $3 FROM dead_letter meant
            WHERE meant.id = $1 AND d.consumer = meant.consumer AND d.event_id = meant.event_id AND {_WAITING}
            RETURNING d.id""",  # noqa: S608 - our own condition
        letter_id,
        now(),
        note,
    )
    return bool(rows)


async def _replay(which: str, *values: Any) -> int:
    """One statement, so all or nothing. An event whose outbox row has been pruned gets a new one with the same id."""
    rows = await fetch(
        f"""WITH meant AS (SELECT d.consumer, d.event_id FROM dead_letter d WHERE {which} AND {_WAITING}),
                 again AS (UPDATE dead_letter d SET replayed_at = $1
                           WHERE (d.consumer, d.event_id) IN (SELECT * FROM meant) AND {_WAITING}
                           RETURNING d.id, d.event_id, d.topic, d.key, d.payload)
            INSERT INTO outbox (event_id, topic, key, payload, created_at)
            SELECT event_id, topic, key, payload, $1 FROM again a
            WHERE NOT EXISTS (SELECT FROM again b WHERE b.event_id = a.event_id AND b.id < a.id) ORDER BY id
            ON CONFLICT (event_id) DO UPDATE SET relayed_at = NULL
            RETURNING id""",  # noqa: S608 - our own conditions
        now(),
        *values,
    )
    return len(rows)


def _letter(row: Any) -> Letter:
    values = dict(row)
    values["event_id"] = UUID(str(row["event_id"]))
    values["payload"] = msgspec.json.decode(row["payload"])
    return Letter(**values)
