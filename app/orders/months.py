"""Orders lie in partitions by month: months are made ahead, and old ones archived when all their orders are at an end.

To an archived month nothing is written any more but what follows from goods or money that come back late, and whose the
orders are (an account goes, or a guest signs in). A CHECK and triggers of its partitions see to that, so PostgreSQL
leaves them out of every look for orders that are under way, and has next to nothing to clean up in them. Its rows are
written anew, close together and in the order of their ids; pages read them as they read all others.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from asyncpg import DeadlockDetectedError, LockNotAvailableError

from app.infra.bulk import vacuum
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction, transaction_connection
from app.infra.logs import log
from app.infra.settings import settings
from app.orders.states import OVER
from app.orders.tables import ReturnState

AHEAD = 2  # months that are made before they begin
BEFORE = 0  # the month of all orders that are older than partitions
MONTH = 10_000_000_000  # ids of a month

# Less than PostgreSQL's own time to find a deadlock: of a page and this job, the job gives way, and comes again.
PATIENCE = "SET LOCAL lock_timeout = '700ms'"
WRITING_SECONDS = 600

# Table -> the columns that may change when its month is archived, and whether rows may still come in.
TABLES: dict[str, tuple[tuple[str, ...], bool]] = {
    "shop_order": (("state", "account", "visitor", "email", "phone", "words"), False),
    "order_line": (("returned",), False),
    "order_move": ((), True),
    "parcel_move": ((), False),
}


@dataclass(frozen=True)
class Month:
    """`waits_for` says why it is not archived yet although it is old enough; "" when nothing is in the way."""

    month: int  # 202611; 0: see BEFORE
    orders: int
    bytes: int  # of its tables and their indexes
    waits_for: str = ""


async def make_ahead() -> list[int]:
    """Make this month and the next ones where they are missing; returns those that were made."""
    made = []
    for each in map(_month, range(AHEAD + 1)):
        with suppress(LockNotAvailableError, DeadlockDetectedError):  # tomorrow, then; orders have a place meanwhile
            async with transaction():
                await execute(PATIENCE)
                row = await fetch_one("SELECT make_order_month($1) AS is_new", each)
                if row and row["is_new"]:
                    made.append(each)
    return made


def _month(ahead: int) -> int:
    """So many months from now; with a minus before it: ago."""
    year, month = divmod(now().year * 12 + now().month - 1 + ahead, 12)
    return year * 100 + month + 1


async def due(older_than: int | None = None) -> list[Month]:
    """Months that are old enough to be archived and are not, the oldest first.

    Args:
        older_than: whole months that have passed since; None: as ARCHIVE_AFTER_MONTHS says.
    """
    return [await _look_at(month) for month in await _due(older_than)]


async def _due(older_than: int | None) -> list[int]:
    limit = _month(-(settings().archive_after_months if older_than is None else older_than))
    rows = await fetch("SELECT month FROM order_month WHERE archived_at IS NULL AND month < $1 ORDER BY month", limit)
    return [row["month"] for row in rows if row["month"] or await _before_ended(limit)]


async def _before_ended(limit: int) -> bool:
    """Whether all that is older than partitions is older than that month. While nothing is, it stays open."""
    row = await fetch_one("SELECT placed_at FROM shop_order WHERE id < $1 ORDER BY id DESC LIMIT 1", MONTH)
    return bool(row and row["placed_at"] < datetime(limit // 100, limit % 100, 1, tzinfo=UTC))


async def _look_at(month: int) -> Month:
    row = await fetch_one(
        f"""SELECT (SELECT count(*) FROM shop_order_{month:d})::bigint AS orders,
                   sum(pg_total_relation_size(format('%s_%s', name, $2::int)::regclass))::bigint AS bytes
            FROM unnest($1::text[]) AS name""",  # noqa: S608 - a number
        list(TABLES),
        month,
    )
    assert row is not None
    return Month(month, row["orders"], row["bytes"], await _waits_for(month))


_OPEN = """
SELECT (SELECT count(*) FROM shop_order WHERE id >= $1 AND id < $2 AND state <> ALL($3::text[])) AS orders,
       (SELECT count(*) FROM order_return r WHERE r."order" >= $1 AND r."order" < $2
          AND r.state = ANY($4::text[])) AS returns,
       (SELECT count(*) FROM payment_attempt a WHERE a."order" >= $1 AND a."order" < $2
          AND a.state IN ('created', 'pending', 'authorised', 'refunding')) AS payments,
       (SELECT count(*) FROM money_request m WHERE m."order" >= $1 AND m."order" < $2
          AND m.state IN ('asked', 'sent')) AS "requests of money",
       (SELECT count(*) FROM reservation r WHERE r."order" >= $1 AND r."order" < $2 AND r.state = 'held') AS holds"""


async def _waits_for(month: int) -> str:
    open_returns = [ReturnState.REQUESTED, ReturnState.APPROVED, ReturnState.RECEIVED]
    row = await fetch_one(_OPEN, month * MONTH, (month + 1) * MONTH, sorted(OVER), open_returns)
    assert row is not None
    return ", ".join(f"{count} {what}" for what, count in dict(row).items() if count)


async def archive(older_than: int | None = None) -> list[Month]:
    """Archive the months that are due; returns all that were, with those that still wait. Again, it goes on where
    it was stopped: each table is a transaction of its own, and a month counts as archived when all of them are.

    Args:
        older_than: see `due`.
    """
    return [await _archived(month) for month in await _due(older_than)]


async def _archived(month: int) -> Month:
    try:
        for table in TABLES:
            if not await _close(table, month):
                return await _look_at(month)
            await vacuum(f"{table}_{month:d}", WRITING_SECONDS)
        await execute("UPDATE order_month SET archived_at = $2 WHERE month = $1 AND archived_at IS NULL", month, now())
    except (LockNotAvailableError, DeadlockDetectedError):
        log("orders").info("a month is in use and is archived later", month=month)
        return Month(month, 0, 0, "its rows are in use")
    return await _look_at(month)


async def _close(table: str, month: int) -> bool:
    """Close a partition and write it anew; False when an order is under way. The orders come first: when they are
    closed, nothing of the month can be begun any more.
    """
    part, over = f"{table}_{month:d}", ", ".join(f"'{state}'" for state in sorted(OVER))
    async with transaction():
        await execute(PATIENCE)
        await execute(f"LOCK TABLE {part} IN ACCESS EXCLUSIVE MODE")
        if await fetch("SELECT FROM pg_trigger WHERE tgrelid = $1::regclass AND tgname = 'stands'", part):
            return True
        if table == "shop_order":
            if await _waits_for(month):
                return False
            await execute(f"ALTER TABLE {part} ADD CONSTRAINT is_over CHECK (state IN ({over}))")
        may_change, may_grow = TABLES[table]
        await execute(
            f"""CREATE TRIGGER stands BEFORE {"" if may_grow else "INSERT OR "}UPDATE OR DELETE ON {part} FOR EACH ROW
                EXECUTE FUNCTION archived_month_stands({", ".join(f"'{name}'" for name in may_change)})"""
        )
        await transaction_connection().execute(f"CLUSTER {part} USING {part}_pkey", timeout=WRITING_SECONDS)
    return True


async def keep() -> None:
    """For a job, once a day."""
    made = await make_ahead()
    archived = await archive()
    if made or archived:
        log("orders").info("months of orders", made=made, archived=[(each.month, each.waits_for) for each in archived])
