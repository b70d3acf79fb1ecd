"""What is in a cart now, and what is set aside from it: every line at today's price and stock, in one query."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from app.accounts.owners import Owner
from app.catalog import taxes
from app.catalog.describing import NOTE
from app.infra.clock import now, today
from app.infra.database import fetch
from app.infra.settings import settings

MOST_PER_LINE = 99
MOST_LINES = 500  # with those saved for later; a merge may bring more, because no line is lost
MOST_SAVED = 9999  # of a kind, set aside: two carts may have saved more than one order takes

# One column, because what may be one of two is planned anew each time, which takes longer than the answer.
OWNED = "cart.owner = coalesce($2::bytea, int8send($1::bigint))"
LOCK = f"SELECT id FROM cart WHERE {OWNED} FOR UPDATE"  # noqa: S608 - only constants are put in

# Pieces of `offer` that can be sold.
AVAILABLE = "(SELECT coalesce(sum(on_hand - reserved), 0)::int FROM stock WHERE stock.offer = offer.id)"

UNDO_MINUTES = 5  # so long a line that was removed can be brought back

_LINES = f"""
SELECT line.whereabouts, line.id, line.offer AS offer_id, line.quantity, line.added_price_minor, line.added_at,
       line.told_price_minor, line.told_stock, line.wanted, product.slug AS product_slug,
       product.name, variant.sku, variant.options::text AS options,
       {NOTE} AS note,
       coalesce(nullif(variant.image, ''), product.image) AS image,
       vat_percent(product.category, $3, $4),
       offer.price_minor AS unit_price_minor, offer.handling_days,
       offer.withdrawn_at IS NOT NULL OR supplier.state = 'suspended' AS withdrawn,
       supplier.id AS supplier_id, supplier.name AS supplier_name, supplier.slug AS supplier_slug,
       (SELECT coalesce(jsonb_object_agg(warehouse.code, stock.on_hand - stock.reserved), '{{}}')
        FROM stock JOIN warehouse ON warehouse.id = stock.warehouse
        WHERE stock.offer = offer.id AND stock.on_hand > stock.reserved)::text AS stocks
FROM cart JOIN (
       SELECT 'cart'::varchar AS whereabouts, id, cart, offer, quantity, added_price_minor, added_at, told_price_minor,
              told_stock, wanted, added_at AS moved_at FROM cart_line
       UNION ALL
       SELECT kind, id, cart, offer, quantity, added_price_minor, added_at, NULL, NULL, NULL, moved_at FROM aside_line
     ) AS line ON line.cart = cart.id JOIN offer ON offer.id = line.offer
     JOIN variant ON variant.id = offer.variant JOIN product ON product.id = variant.product
     JOIN supplier ON supplier.id = offer.supplier
WHERE {OWNED} AND (line.whereabouts <> 'removed' OR line.moved_at > $5)
ORDER BY line.moved_at, line.id"""  # noqa: S608 - only constants are put in

COUNT = f"""SELECT coalesce(sum(line.quantity), 0) AS pieces
FROM cart JOIN cart_line AS line ON line.cart = cart.id WHERE {OWNED}"""  # noqa: S608 - only constants are put in


@dataclass(frozen=True, slots=True)
class CartLineView:
    """A line as a shopper sees it. `stocks` is warehouse code -> pieces that can be sold, none of a withdrawn offer."""

    id: int
    offer_id: int
    product_slug: str
    sku: str
    name: str
    note: str
    options: Mapping[str, str]
    image: str
    quantity: int
    unit_price_minor: int
    vat_percent: Decimal
    added_price_minor: int
    added_at: datetime
    supplier_id: int
    supplier_name: str
    supplier_slug: str
    handling_days: int
    stocks: Mapping[str, int]
    withdrawn: bool
    told_price_minor: int | None = None
    told_stock: int | None = None
    wanted: int | None = None

    @property
    def available(self) -> int:
        return sum(self.stocks.values())


@dataclass(frozen=True, slots=True)
class Contents:
    lines: tuple[CartLineView, ...] = ()
    saved: tuple[CartLineView, ...] = ()  # for later, the last first
    removed: CartLineView | None = None  # the last one, while it can be brought back

    @property
    def count(self) -> int:
        """Pieces, as the header counts them."""
        return sum(line.quantity for line in self.lines)


async def load(owner: Owner | None, country: str = "") -> Contents:
    """The owner's lines in the order in which they were added; nothing for nobody.

    Args:
        country: to which they would be delivered, for the VAT in their prices; "": the shop's own.
    """
    if owner is None:
        return Contents()
    since = now() - timedelta(minutes=UNDO_MINUTES)
    rows = await fetch(_LINES, owner.account, owner.visitor, country or settings().shop_country, today(), since)
    at: dict[str, list[CartLineView]] = {"cart": [], "saved": [], "removed": []}
    for row in rows:
        at[row["whereabouts"]].append(_line(row))
    at["cart"].sort(key=lambda line: line.id)
    return Contents(tuple(at["cart"]), tuple(reversed(at["saved"])), at["removed"][-1] if at["removed"] else None)


def _line(row: Mapping) -> CartLineView:
    values = {**row, "vat_percent": taxes.rate_or_usual(row["vat_percent"])}
    del values["whereabouts"]
    stocks = msgspec.json.decode(values.pop("stocks"), type=dict[str, int])
    options = msgspec.json.decode(values.pop("options"), type=dict[str, str])
    return CartLineView(**values, options=options, stocks={} if values["withdrawn"] else stocks)
