"""Whether something of what a shopper confirmed is sold out: asked before anything else, by one small question."""

from dataclasses import dataclass
from uuid import UUID

from app.accounts.owners import Owner
from app.cart.contents import OWNED
from app.catalog.describing import NOTE
from app.checkout.review import decode_shown
from app.infra.database import fetch

# Nothing for a form that has placed its order: that took the last pieces itself, perhaps.
_LINES = f"""
SELECT product.name, product.slug, {NOTE} AS note,
       coalesce(nullif(variant.image, ''), product.image) AS image, line.offer = ANY($3) AS was_shown,
       offer.withdrawn_at IS NOT NULL OR supplier.state = 'suspended' AS withdrawn,
       coalesce((SELECT sum(on_hand - reserved) FROM stock WHERE stock.offer = offer.id), 0) <= 0 AS sold_out
FROM cart JOIN cart_line AS line ON line.cart = cart.id JOIN offer ON offer.id = line.offer
     JOIN variant ON variant.id = offer.variant
     JOIN product ON product.id = variant.product JOIN supplier ON supplier.id = offer.supplier
WHERE {OWNED} AND NOT EXISTS (SELECT FROM order_key WHERE checkout_key = $4)
ORDER BY line.id"""  # noqa: S608 - only constants are put in


@dataclass(frozen=True)
class Thing:
    """What is sold out, as its page is found."""

    name: str
    slug: str
    note: str
    image: str


@dataclass(frozen=True)
class Gone:
    """Of an order that was confirmed: what of it is sold out, and whether the cart holds something else to be had."""

    things: tuple[Thing, ...]
    has_rest: bool


async def gone_from(owner: Owner, key: UUID, shown: str) -> Gone | None:
    """None while there is a piece left of each thing: whether there are enough of it is seen when the order is placed,
    as is what its seller no longer sells: nobody else has bought that, and it does not come back.

    Args:
        shown: what was confirmed (an encoded `Shown`).
    """
    confirmed = decode_shown(shown)
    if confirmed is None:
        return None
    rows = await fetch(_LINES, owner.account, owner.visitor, list(confirmed.pieces), key)
    things = tuple(
        Thing(row["name"], row["slug"], row["note"], row["image"])
        for row in rows
        if row["was_shown"] and row["sold_out"] and not row["withdrawn"]
    )
    has_rest = any(not row["sold_out"] and not row["withdrawn"] for row in rows)
    return Gone(things, has_rest) if things else None
