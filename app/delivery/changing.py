"""What operators change about delivery: checked against what they saw, and kept as a history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from hashlib import sha256
from typing import Any

from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class ChangedMeanwhile(Exception):
    """Somebody else has changed it since the operator saw it. Nothing was done.

    Attributes:
        words: what it says now.
    """

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def version_of(words: str) -> str:
    """A mark of one state, to stand in a form."""
    return sha256(words.encode()).hexdigest()[:16]


def _days(days: Sequence[int]) -> str:
    return " ".join(WEEKDAYS[day] for day in days)


@dataclass(frozen=True)
class WarehouseRules:
    """What a warehouse adds to a promise."""

    name: str
    place: str
    timezone: str
    cutoff: time
    handling_days: int
    working_days: tuple[int, ...]
    holiday_country: str
    holiday_subdivision: str
    postcode: str = ""  # as the country writes it

    @classmethod
    def of(cls, row: Any) -> "WarehouseRules":
        days = tuple(sorted(row["working_days"]))
        return cls(**{name: row[name] for name in cls.__annotations__ if name != "working_days"}, working_days=days)

    @property
    def words(self) -> str:
        holidays = f"{self.holiday_country} {self.holiday_subdivision}".strip()
        return (
            f"{self.name}, {self.place}, {self.timezone}, cut-off {self.cutoff:%H:%M}, "
            f"handling days {self.handling_days}, works {_days(self.working_days)}, holidays {holidays}"
            f"{', postcode ' + self.postcode if self.postcode else ''}"
        )

    @property
    def columns(self) -> tuple[Any, ...]:
        """In the order of the fields."""
        return tuple(list(value) if isinstance(value, tuple) else value for value in vars(self).values())


@dataclass(frozen=True)
class ZoneRules:
    """What a zone adds to a promise."""

    name: str
    country: str  # stays what it is
    holiday_subdivision: str
    delivery_days: tuple[int, ...]

    @classmethod
    def of(cls, row: Any) -> "ZoneRules":
        return cls(row["name"], row["country"], row["holiday_subdivision"], tuple(sorted(row["delivery_days"])))

    @property
    def words(self) -> str:
        holidays = f"{self.country} {self.holiday_subdivision}".strip()
        return f"{self.name}, handed out {_days(self.delivery_days)}, holidays {holidays}"


async def change_warehouse(code: str, account_id: int, seen: str, to: WarehouseRules) -> None:
    """Let the warehouse follow `to`; what it says already is no change.

    Raises:
        ChangedMeanwhile: it no longer is what `seen` marks.
        LookupError: there is no such warehouse.
    """
    async with transaction():
        row = await fetch_one("SELECT * FROM warehouse WHERE code = $1 FOR UPDATE", code)
        if not _differs(row, WarehouseRules.of, to, seen):
            return
        await execute(
            """UPDATE warehouse SET name = $2, place = $3, timezone = $4, cutoff = $5, handling_days = $6,
                      working_days = $7, holiday_country = $8, holiday_subdivision = $9, postcode = $10
               WHERE code = $1""",
            code,
            *to.columns,
        )
        await write_down(account_id, f"Warehouse {code}", WarehouseRules.of(row).words, to.words)


async def change_zone(code: str, account_id: int, seen: str, to: ZoneRules) -> None:
    """As `change_warehouse`, and with the same exceptions."""
    async with transaction():
        row = await fetch_one("SELECT * FROM zone WHERE code = $1 FOR UPDATE", code)
        if not _differs(row, ZoneRules.of, to, seen):
            return
        await execute(
            "UPDATE zone SET name = $2, holiday_subdivision = $3, delivery_days = $4 WHERE code = $1",
            code,
            to.name,
            to.holiday_subdivision,
            list(to.delivery_days),
        )
        await write_down(account_id, f"Zone {code}", ZoneRules.of(row).words, to.words)


def _differs(row: Any, rules_of: Any, to: WarehouseRules | ZoneRules, seen: str) -> bool:
    if row is None:
        raise LookupError("no such warehouse or zone")
    is_now = rules_of(row)
    if is_now == to:
        return False
    if version_of(is_now.words) != seen:
        raise ChangedMeanwhile(is_now.words)
    return True


async def write_down(account_id: int, subject: str, before: str, after: str) -> None:
    """Keep one change, in the running transaction."""
    await execute(
        "INSERT INTO delivery_change (account, subject, before, after, changed_at) VALUES ($1, $2, $3, $4, $5)",
        account_id,
        subject,
        before[:2000],
        after[:2000],
        now(),
    )


async def changes(limit: int = 50) -> list[Any]:
    """The newest first: operator, subject, before, after, changed_at."""
    return await fetch(
        """SELECT a.name AS operator, c.subject, c.before, c.after, c.changed_at
           FROM delivery_change c JOIN account a ON a.id = c.account ORDER BY c.id DESC LIMIT $1""",
        limit,
    )
