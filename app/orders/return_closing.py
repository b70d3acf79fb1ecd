"""Returns that were agreed and did not come: they are closed, and their pieces may be asked for again.

What comes after all is received like any return, as long as its pieces have not gone back otherwise.
"""

from contextlib import suppress

from app.infra.database import fetch
from app.infra.settings import settings
from app.orders.returns import end
from app.orders.states import MoveRefused
from app.orders.tables import ReturnState

SWEEP = 100


async def close(order_id: int, number: int, actor: str, why: str) -> None:
    """Nothing of it is expected any more; the shopper reads why.

    Raises:
        LookupError: no such return. MoveRefused: it is not approved, or was received or closed before.
        CannotReturn: `why` is empty or too long.
    """
    await end(order_id, number, actor, why, ReturnState.CLOSED)


async def close_overdue() -> int:
    """Close what was agreed to more than RETURN_WITHIN_DAYS ago, by the database's clock and whole days of the shop's
    zone, as its pages say it (`ReturnView.closes_on`); returns how many that were. For a job, every hour."""
    days, closed, last = settings().return_within_days, 0, 0
    while rows := await _overdue(days, last):
        for row in rows:
            with suppress(MoveRefused):  # it came just now
                await close(row["order"], row["number"], "sweeper", f"It has not arrived within {days} days.")
                closed += 1
        last = rows[-1]["id"]
    return closed


async def _overdue(days: int, after: int) -> list[dict[str, int]]:
    return await fetch(
        """SELECT r.id, r."order", r.number FROM order_return r
           WHERE r.state = 'approved' AND r.id > $2 AND (now() AT TIME ZONE $4)::date - $1::int >
             (SELECT (max(moved_at) AT TIME ZONE $4)::date FROM return_move m
              WHERE m."return" = r.id AND m.to_state = 'approved')
           ORDER BY r.id LIMIT $3""",
        days,
        after,
        SWEEP,
        settings().shop_timezone,
    )
