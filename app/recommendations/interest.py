"""What a shopper wants now: concluded within seconds from what they looked at, put into the cart or onto lists, bought.

It joins two things: what is theirs (weighed, the newer the more) and what was learned of everybody's orders (what goes
with a product). Nothing is learned here, so it costs a few look-ups. Pages fill up what is missing, see storefront.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.accounts.owners import Owner
from app.infra.clock import now
from app.infra.database import execute, fetch
from app.recommendations.bought import BOUGHT
from app.recommendations.tables import ListKind

WORTH = {"viewed": 1.0, "wished": 2.5, "carted": 3.0, "bought": 2.0}  # what each says of what somebody wants
HALF_LIFE_DAYS = 7.0
SEEDS = 12  # products that say something
LIKED = 20
CATEGORIES = 3
LOOKED_AT = 12  # products, as a browser's own cookie remembers them

# (what, product, seconds ago, category) of all that is known: what was looked at, and the rest as it stands now.
_KNOWN = """
WITH known AS (
  (SELECT 'viewed' AS what, product, at FROM activity
   WHERE (account = $1::bigint OR visitor = $2::bytea) AND kind = 'viewed' ORDER BY id DESC LIMIT 60)
  UNION ALL
  (SELECT 'carted', v.product, l.added_at FROM cart c JOIN cart_line l ON l.cart = c.id JOIN offer o ON o.id = l.offer
     JOIN variant v ON v.id = o.variant
   WHERE c.account = $1::bigint OR c.visitor = $2::bytea ORDER BY l.id DESC LIMIT 40)
  UNION ALL
  (SELECT 'wished', v.product, e.added_at FROM wishlist w JOIN wishlist_entry e ON e.wishlist = w.id
     JOIN variant v ON v.id = e.variant
   WHERE w.account = $1::bigint OR w.visitor = $2::bytea ORDER BY e.id DESC LIMIT 40)
  UNION ALL
  (SELECT 'bought', v.product, s.placed_at FROM
     (SELECT id, placed_at FROM shop_order
      WHERE (account = $1::bigint OR (account IS NULL AND visitor = $2::bytea)) AND state = ANY($3)
      ORDER BY id DESC LIMIT 10) s
     JOIN parcel p ON p."order" = s.id JOIN order_line l ON l.parcel = p.id JOIN offer o ON o.id = l.offer
     JOIN variant v ON v.id = o.variant))
SELECT known.what, known.product, extract(epoch FROM $4::timestamptz - known.at)::float8 AS ago, c.path AS category
FROM known JOIN product p ON p.id = known.product JOIN category c ON c.id = p.category ORDER BY known.at DESC"""


@dataclass(frozen=True)
class Interest:
    """Products by id. `because` says most of what they want now; it is nothing that they have bought."""

    viewed: tuple[int, ...] = ()
    liked: tuple[int, ...] = ()
    because: int | None = None
    categories: tuple[str, ...] = ()


async def conclude(owner: Owner) -> None:
    """Make anew what is known of somebody, in the caller's transaction."""
    rows = await fetch(_KNOWN, owner.account, owner.visitor, list(BOUGHT), now())
    weights, categories = _weighed(rows)
    seeds = sorted(weights, key=lambda each: -weights[each])[:SEEDS]
    lists = await fetch(
        "SELECT subject, products FROM recommended_list WHERE kind = $1 AND subject = ANY($2)", ListKind.TOGETHER, seeds
    )
    found = concluded(rows, weights, categories, {row["subject"]: row["products"] for row in lists})
    await _keep(owner, found)


def _weighed(rows: Sequence[Any]) -> tuple[dict[int, float], dict[str, float]]:
    """What each product, and each category, says of what is wanted now."""
    weights: defaultdict[int, float] = defaultdict(float)
    categories: defaultdict[str, float] = defaultdict(float)
    for row in rows:
        worth = WORTH[row["what"]] * 0.5 ** (max(row["ago"], 0) / 86_400 / HALF_LIFE_DAYS)
        weights[row["product"]] = max(weights[row["product"]], worth)  # looking ten times is not wanting ten times
        categories[row["category"]] += worth
    return dict(weights), dict(categories)


def concluded(
    rows: Sequence[Any],
    weights: dict[int, float],
    categories: dict[str, float],
    together: dict[int, Sequence[int]],
) -> Interest:
    """The interest of somebody of whom these rows are known, the newest first."""
    has = {row["product"] for row in rows if row["what"] == "bought"}
    viewed = dict.fromkeys(row["product"] for row in rows if row["what"] == "viewed")
    scores: defaultdict[int, float] = defaultdict(float)
    for seed, others in together.items():
        for place, other in enumerate(others):
            if other not in weights:
                scores[other] += weights[seed] / (place + 2)
    wanted = [product for product in weights if product not in has]
    return Interest(
        tuple(viewed)[:LOOKED_AT],
        tuple(sorted(scores, key=lambda each: (-scores[each], each))[:LIKED]),
        max(wanted, key=lambda each: weights[each], default=None),
        tuple(sorted(categories, key=lambda each: (-categories[each], each))[:CATEGORIES]),
    )


async def _keep(owner: Owner, found: Interest) -> None:
    whose = "account" if owner.account else "visitor"
    await execute(
        f"""INSERT INTO shopper_interest (account, visitor, viewed, liked, because, categories, learned_at)
            SELECT $1, $2, $3, $4, $5, $6, $7
            WHERE ($1::bigint IS NULL OR EXISTS (SELECT FROM account WHERE id = $1))
              AND NOT EXISTS (SELECT FROM personal_choice c WHERE c.is_off AND (c.account = $1 OR c.visitor = $2))
            ON CONFLICT ({whose}) DO UPDATE SET viewed = excluded.viewed, liked = excluded.liked,
                because = excluded.because, categories = excluded.categories, learned_at = excluded.learned_at""",  # noqa: S608
        owner.account,
        owner.visitor,
        list(found.viewed),
        list(found.liked),
        found.because,
        list(found.categories),
        now(),
    )
