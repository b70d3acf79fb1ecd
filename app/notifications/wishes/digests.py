"""Lower prices on lists that tell: one mail a day for each shopper who has news, in the morning.

A price is news when it is lower by SMALLEST than the price that the shopper was last told, or saw when the list began
to tell, and when it is a reduction as the law has it (app/recommendations/prices.py): below the lowest of the 30 days
before.
"""

from collections import defaultdict
from datetime import timedelta

from app.events.outbox import publish
from app.infra.clock import now, shop_zone, today
from app.infra.database import execute, fetch, transaction
from app.notifications.wishes.watching import TOPIC
from app.recommendations.drops import LARGEST, SMALLEST

DROPS = "price_drops"
FROM_HOUR, TO_HOUR = 9, 20  # of the shop's clock
FORGET = timedelta(days=30)  # after which a price that went up again is the new one to compare with
AT_ONCE = 500  # accounts of one run

# The best offer that can be bought, with the price before it.
REDUCED = """
SELECT entry.id AS entry, wishlist.account, best.price_minor, best.prior_minor
FROM wish_watch AS watch JOIN wishlist_entry AS entry ON entry.id = watch.entry
JOIN wishlist ON wishlist.id = entry.wishlist AND wishlist.tells AND wishlist.account IS NOT NULL
CROSS JOIN LATERAL (
  SELECT offer.price_minor, history.prior_minor FROM offer
  LEFT JOIN price_history AS history ON history.offer = offer.id AND history.until IS NULL
    AND history.price_minor = offer.price_minor
  WHERE offer.variant = entry.variant AND offer.withdrawn_at IS NULL
    AND EXISTS (SELECT FROM stock WHERE stock.offer = offer.id AND stock.on_hand > stock.reserved)
  ORDER BY offer.price_minor, offer.id LIMIT 1) AS best
WHERE best.prior_minor > best.price_minor
  AND (best.prior_minor - best.price_minor)::float8 / best.prior_minor BETWEEN $1 AND $2
"""
_NEWS = "AND best.price_minor <= watch.told_price_minor * (1 - $1)"  # to the owner of the list


async def tell_price_drops() -> int:
    """Write an event for each shopper who has news and has had none today; returns how many. For a job."""
    if not FROM_HOUR <= now().astimezone(shop_zone()).hour < TO_HOUR:
        return 0
    await _forget_old_prices()
    drops: defaultdict[int, list[int]] = defaultdict(list)
    for row in await fetch(
        f"""{REDUCED} {_NEWS}
            AND NOT EXISTS (SELECT FROM wish_digest AS d WHERE d.account = wishlist.account AND d.day = $3)
            ORDER BY wishlist.account, entry.id""",
        SMALLEST,
        LARGEST,
        today(),
    ):
        drops[row["account"]].append(row["entry"])
    told = 0
    for account, entries in list(drops.items())[:AT_ONCE]:
        told += await _tell(account, entries)
    return told


async def _tell(account: int, entries: list[int]) -> bool:
    async with transaction():
        first_today = await fetch(
            "INSERT INTO wish_digest (account, day) VALUES ($1, $2) ON CONFLICT (account, day) DO NOTHING RETURNING id",
            account,
            today(),
        )
        if not first_today:
            return False
        await execute(
            f"""UPDATE wish_watch SET told_price_minor = reduced.price_minor, told_price_at = $4
                FROM ({REDUCED}) AS reduced WHERE wish_watch.entry = reduced.entry AND reduced.entry = ANY($3)""",  # noqa: S608
            SMALLEST,
            LARGEST,
            entries,
            now(),
        )
        await publish(TOPIC, str(account), {"kind": DROPS, "account": account, "entries": entries})
    return True


async def _forget_old_prices() -> None:
    """What was told long ago and costs more since is compared with what it costs now."""
    await execute(
        """UPDATE wish_watch AS watch SET told_price_minor = best.price_minor, told_price_at = $1
           FROM wishlist_entry AS entry CROSS JOIN LATERAL (
             SELECT min(offer.price_minor) AS price_minor FROM offer
             WHERE offer.variant = entry.variant AND offer.withdrawn_at IS NULL) AS best
           WHERE watch.entry = entry.id AND watch.told_price_at < $2 AND best.price_minor > watch.told_price_minor""",
        now(),
        now() - FORGET,
    )
    await execute("DELETE FROM wish_digest WHERE day < $1", (now() - FORGET).date())
