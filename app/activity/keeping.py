"""What is kept of what shoppers do: written in batches, read by product or by shopper, forgotten when they say so."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.accounts.owners import Owner
from app.activity.tables import Kind
from app.infra.clock import now
from app.infra.database import execute, fetch, transaction
from app.web.visitors import LASTS

KEPT = timedelta(days=90)
MOST_KEPT = 20_000  # of one shopper: more does no person
COUNTED = (Kind.VIEWED, Kind.CARTED, Kind.WISHED)  # by product
DROPPED = "dropped"


@dataclass(frozen=True)
class Done:
    """Something that somebody (`owner`), or somebody of whom nothing is kept (None), did at a moment."""

    owner: Owner | None
    kind: Kind
    at: datetime
    product: int | None = None
    query: str = ""


def moment(seconds: float) -> datetime:
    """A moment that a note names; a clock that is wrong does not make the future."""
    return min(datetime.fromtimestamp(seconds, UTC), now())


def _kept_of(account: str, visitor: str, most: str) -> str:
    """SQL for how much is kept of an account or a visitor, counted to `most`: by two indexes, one after the other."""
    return f"""(SELECT count(*) FROM (
        (SELECT FROM activity a WHERE a.account = {account} LIMIT {most})
        UNION ALL (SELECT FROM activity a WHERE a.visitor = {visitor} LIMIT {most})) AS kept)"""  # noqa: S608


async def keep(done: Sequence[Done], dropped: int = 0) -> None:
    """Write it down, in the caller's transaction. Of an account or visitor who wants nothing kept, or of whom MOST_KEPT
    are, only counts are."""
    own = [each for each in done if each.owner]
    if own:
        await execute(
            f"""WITH noted AS (
                 SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::bigint[], $5::text[],
                                      $6::timestamptz[])
                   WITH ORDINALITY AS n (account, visitor, kind, product, query, at, place)),
               full_up AS (
                 SELECT account, visitor FROM (SELECT DISTINCT account, visitor FROM noted) AS whose
                 WHERE {_kept_of("whose.account", "whose.visitor", "$7")} >= $7)
               INSERT INTO activity (account, visitor, kind, product, query, at)
               SELECT n.account, n.visitor, n.kind, n.product, n.query, n.at FROM noted AS n
               WHERE (n.account IS NULL OR EXISTS (SELECT FROM account a WHERE a.id = n.account))
                 AND NOT EXISTS (SELECT FROM full_up f WHERE f.account = n.account OR f.visitor = n.visitor)
                 AND NOT EXISTS (SELECT FROM personal_choice c
                                 WHERE (c.is_off OR c.forgot_at >= n.at)
                                   AND (c.account = n.account OR c.visitor = n.visitor))
               ORDER BY n.place""",  # noqa: S608 - only constants are put in
            [each.owner.account if each.owner else None for each in own],
            [each.owner.visitor if each.owner else None for each in own],
            [each.kind for each in own],
            [each.product for each in own],
            [each.query for each in own],
            [each.at for each in own],
            MOST_KEPT,
        )
    await _count(done, dropped)


async def _count(done: Sequence[Done], dropped: int) -> None:
    products = Counter(
        (each.at.date(), each.product, each.kind) for each in done if each.product and each.kind in COUNTED
    )
    if products:
        keys = sorted({(day, product) for day, product, _ in products})
        await execute(
            """INSERT INTO product_interest AS i (day, product, viewed, carted, wished)
               SELECT * FROM unnest($1::date[], $2::bigint[], $3::int[], $4::int[], $5::int[])
               ON CONFLICT (day, product) DO UPDATE SET viewed = i.viewed + excluded.viewed,
                   carted = i.carted + excluded.carted, wished = i.wished + excluded.wished""",
            [day for day, _ in keys],
            [product for _, product in keys],
            *([products[(*key, kind)] for key in keys] for kind in COUNTED),
        )
    kinds = Counter((each.at.date(), str(each.kind)) for each in done) + Counter({(now().date(), DROPPED): dropped})
    if kinds:
        rows = sorted(kinds.items())
        await execute(
            """INSERT INTO activity_count AS c (day, kind, times)
               SELECT * FROM unnest($1::date[], $2::text[], $3::int[])
               ON CONFLICT (day, kind) DO UPDATE SET times = c.times + excluded.times""",
            [day for (day, _), _ in rows],
            [kind for (_, kind), _ in rows],
            [times for _, times in rows],
        )


async def products_of(offers: Collection[int]) -> dict[int, int]:
    """Offer -> product, of those that there are."""
    rows = await fetch(
        "SELECT o.id, v.product FROM offer o JOIN variant v ON v.id = o.variant WHERE o.id = ANY($1)", list(offers)
    )
    return {row["id"]: row["product"] for row in rows}


async def there_are(products: Collection[int]) -> set[int]:
    """Those of the ids that are products."""
    return {row["id"] for row in await fetch("SELECT id FROM product WHERE id = ANY($1)", list(products))}


async def count_kept(owner: Owner) -> int:
    """How many things that they did are kept of somebody."""
    rows = await fetch(f"SELECT count(*)::int AS many FROM activity WHERE {_OF}", owner.account, owner.visitor)  # noqa: S608
    return int(rows[0]["many"])


_OF = "(account = $1::bigint OR visitor = $2::bytea)"


async def forget(owner: Owner) -> None:
    """Delete what is kept of somebody, and what was concluded from it. Carts, lists and orders stay."""
    async with transaction():
        await _note_forgetting(owner)
        await execute(f"DELETE FROM activity WHERE {_OF}", owner.account, owner.visitor)  # noqa: S608
        await execute(f"DELETE FROM shopper_interest WHERE {_OF}", owner.account, owner.visitor)  # noqa: S608


async def forget_views(owner: Owner) -> None:
    """Delete which products somebody looked at, and what was concluded from all they did."""
    async with transaction():
        await _note_forgetting(owner)
        await execute(f"DELETE FROM activity WHERE {_OF} AND kind = 'viewed'", owner.account, owner.visitor)  # noqa: S608
        await execute(f"DELETE FROM shopper_interest WHERE {_OF}", owner.account, owner.visitor)  # noqa: S608


async def _note_forgetting(owner: Owner) -> None:
    """So that what is on its way through the log does not come back."""
    whose = "account" if owner.account else "visitor"
    await execute(
        f"""INSERT INTO personal_choice (account, visitor, is_off, hidden, changed_at, forgot_at)
            VALUES ($1, $2, false, '{{}}', $3, $3)
            ON CONFLICT ({whose}) DO UPDATE SET forgot_at = excluded.forgot_at""",  # noqa: S608 - our own names
        owner.account,
        owner.visitor,
        now(),
    )


async def merge(visitor: bytes, account: int) -> None:
    """What was kept of a visitor is the account's at sign-in, unless that wants nothing kept, or has so much already.
    Joins its transaction."""
    await execute(
        f"""UPDATE activity SET account = $2, visitor = NULL WHERE visitor = $1
              AND {_kept_of("$2", "NULL", "$3")} < $3
              AND NOT EXISTS (SELECT FROM personal_choice WHERE account = $2 AND is_off)""",  # noqa: S608 - constants
        visitor,
        account,
        MOST_KEPT,
    )
    await execute("DELETE FROM activity WHERE visitor = $1", visitor)
    await execute("DELETE FROM personal_choice WHERE visitor = $1", visitor)  # it stays in the browser's cookie
    await execute(
        """UPDATE shopper_interest SET account = $2, visitor = NULL WHERE visitor = $1
             AND NOT EXISTS (SELECT FROM shopper_interest WHERE account = $2)
             AND NOT EXISTS (SELECT FROM personal_choice WHERE account = $2 AND is_off)""",
        visitor,
        account,
    )
    await execute("DELETE FROM shopper_interest WHERE visitor = $1", visitor)


async def forget_old() -> None:
    """Drop what is older than 90 days, and what guests chose whose cookie has run out (a job)."""
    before = now() - KEPT
    await execute("DELETE FROM personal_choice WHERE visitor IS NOT NULL AND changed_at < $1", now() - LASTS)
    await execute("DELETE FROM activity WHERE at < $1", before)
    await execute("DELETE FROM shopper_interest WHERE learned_at < $1", before)
    for table in ("product_interest", "activity_count"):
        await execute(f"DELETE FROM {table} WHERE day < $1", before.date())  # noqa: S608 - our own names
