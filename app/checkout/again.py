"""Ordering again: what was bought goes into the cart, as far as it is still sold, and what does not is named."""

from dataclasses import dataclass
from typing import Any

from app.accounts.owners import Owner
from app.cart.changing import NotForSale, add
from app.cart.contents import OWNED
from app.infra.database import fetch
from app.wishlists.contents import BEST_FIRST


@dataclass(frozen=True)
class Again:
    """Names of what is in the cart, of what is there in fewer pieces, of what another seller sends, of what there is no
    room for, and of the rest."""

    added: tuple[str, ...]
    fewer: tuple[str, ...]
    elsewhere: tuple[str, ...]
    left_out: tuple[str, ...]
    gone: tuple[str, ...]


# The seller of then, if he has any; else the best offer of the same variant.
_LINES = f"""
SELECT l.name, l.quantity, l.offer AS bought_offer, best.offer,
       coalesce((SELECT line.quantity FROM cart_line line JOIN cart ON cart.id = line.cart
                 WHERE line.offer = best.offer AND {OWNED}), 0) AS held
FROM order_line l JOIN parcel p ON p.id = l.parcel JOIN offer bought ON bought.id = l.offer
LEFT JOIN LATERAL (
  SELECT offer.id AS offer FROM offer
  WHERE offer.variant = bought.variant AND offer.withdrawn_at IS NULL
    AND EXISTS (SELECT FROM stock WHERE stock.offer = offer.id AND stock.on_hand > stock.reserved)
  ORDER BY offer.id <> bought.id, {BEST_FIRST} LIMIT 1) AS best ON true
WHERE p."order" = $3 ORDER BY l.id"""  # noqa: S608 - only constants are put in


async def order_again(order_id: int, owner: Owner) -> Again:
    """Bring the cart up to the order's pieces; again, it adds nothing."""
    added, fewer, elsewhere, left_out, gone = list[str](), list[str](), list[str](), list[str](), list[str]()
    for line in await fetch(_LINES, owner.account, owner.visitor, order_id):
        try:
            pieces = await _bring(owner, line)
        except NotForSale as refusal:
            (left_out if refusal.reason == "full" else gone).append(line["name"])
            continue
        (fewer if pieces < line["quantity"] else added).append(line["name"])
        if line["offer"] != line["bought_offer"]:
            elsewhere.append(line["name"])
    return Again(tuple(added), tuple(fewer), tuple(elsewhere), tuple(left_out), tuple(gone))


async def _bring(owner: Owner, line: Any) -> int:
    """How many pieces of the line the cart has then.

    Raises:
        NotForSale: none, because nobody sells it or the cart is full.
    """
    if line["offer"] is None:
        raise NotForSale("withdrawn")
    missing: int = line["quantity"] - line["held"]
    if missing <= 0:
        return int(line["held"])
    try:
        return (await add(owner, line["offer"], missing)).quantity
    except NotForSale:
        if not line["held"]:
            raise
        return int(line["held"])  # a moment ago there were more
