"""What the owner of a list that tells knows of its entries."""

from app.infra.clock import now
from app.infra.database import execute
from app.wishlists.contents import BEST_FIRST

_WATCH_NEW = f"""
INSERT INTO wish_watch (entry, out_since, told_price_minor, told_price_at)
SELECT entry.id, CASE WHEN best.can_be_bought THEN NULL ELSE 'epoch'::timestamptz END,
       coalesce(best.price_minor, entry.added_price_minor), $2
FROM wishlist_entry AS entry JOIN wishlist ON wishlist.id = entry.wishlist AND wishlist.tells
LEFT JOIN LATERAL (
  SELECT offer.price_minor,
         EXISTS (SELECT FROM stock WHERE stock.offer = offer.id AND stock.on_hand > stock.reserved) AS can_be_bought
  FROM offer WHERE offer.variant = entry.variant AND offer.withdrawn_at IS NULL
  ORDER BY {BEST_FIRST} LIMIT 1) AS best ON true
WHERE entry.wishlist = $1
ON CONFLICT (entry) DO NOTHING"""  # noqa: S608 - only constants are put in


async def watch_new(list_id: int) -> None:
    """Note how entries of a list that tells stand, where that is not noted; in the transaction that adds them.

    What is sold out then has been so "for ever": its owner has put it there to hear when it is back.
    """
    await execute(_WATCH_NEW, list_id, now())
