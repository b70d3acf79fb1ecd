"""Which hearts on product cards are filled, and the number at the cart in the header: one query for both."""

from typing import Any, NamedTuple

import msgspec

from app.accounts.owners import owner_of
from app.cart.contents import COUNT
from app.cart.counting import known_count
from app.infra.database import fetch_one
from app.infra.outages import DatabaseUnavailable
from app.web.rendering import WebRequest

MOST = 500  # products, the newest: who keeps more sees the others on the lists alone

# In an object the last of equal names stays: the main list, where a product is on several.
_ON_LISTS = f"""
SELECT coalesce(jsonb_object_agg(slug, list ORDER BY is_main), '{{}}')::text FROM (
  SELECT product.slug, wishlist.id AS list, wishlist.is_main
  FROM wishlist JOIN wishlist_entry AS entry ON entry.wishlist = wishlist.id
    JOIN variant ON variant.id = entry.variant JOIN product ON product.id = variant.product
  WHERE wishlist.id IN (SELECT id FROM wishlist WHERE account = $1::bigint
                        UNION ALL SELECT id FROM wishlist WHERE visitor = $2::bytea)
  ORDER BY entry.id DESC LIMIT {MOST}) AS kept"""  # noqa: S608 - only constants are put in

REMEMBERED = f"({COUNT}) AS pieces, ({_ON_LISTS}) AS on_lists"  # columns, for account $1 or visitor $2


class Remembered(NamedTuple):
    """What pages show of a shopper besides their own content."""

    pieces: int  # in the cart
    on_lists: dict[str, int]  # slug of a product -> the list it is on


def remembered(row: Any) -> Remembered:
    """Of a row with the columns of `REMEMBERED`."""
    return Remembered(int(row["pieces"]), msgspec.json.decode(row["on_lists"], type=dict[str, int]))


def known(request: WebRequest, found: Remembered) -> None:
    """Spare the page its query: it has asked with something else."""
    known_count(request, found.pieces)
    request.scope["state"]["on_lists"] = found.on_lists


async def shell_part(request: WebRequest) -> dict[str, Any]:
    """One query for those of whom something is remembered, none for others; without the database both are left out."""
    state = request.scope["state"]
    if "cart_count" not in state:
        known(request, await _ask(request))
    return {"cart_count": state["cart_count"], "on_lists": state.get("on_lists", {})}


async def _ask(request: WebRequest) -> Remembered:
    try:
        owner = await owner_of(request)
        row = await fetch_one(f"SELECT {REMEMBERED}", owner.account, owner.visitor) if owner else None
    except DatabaseUnavailable:
        row = None
    return remembered(row) if row else Remembered(0, {})
