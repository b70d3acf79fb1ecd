"""One offer, changed on a page by its supplier: a price, or off sale. It counts until a later feed says otherwise."""

from app.catalog.currency import in_shop_currency, rates
from app.infra.clock import now
from app.infra.database import fetch_one

# Of no row of a feed: whatever the next one says of the offer is news, the same as before this change, too.
_UNLIKE_ANY_ROW = "row_hash = '', fingerprint = NULL"


async def set_price(offer: int, feed: int, price_minor: int, currency: str) -> int:
    """On sale at this price; the id of its product. In the caller's transaction, which has locked the offer.

    A list price that is not higher any more goes.

    Args:
        feed: the record of this change among the supplier's feeds: older ones have no say in the offer any more.
        price_minor: minor units of `currency`.

    Raises:
        RateMissing: the shop has no exchange rate for the currency.
    """
    price = in_shop_currency(price_minor, currency, await rates())
    row = await fetch_one(
        f"""UPDATE offer o SET price_minor = $3, source_price_minor = $4, source_currency = $5,
                   withdrawn_at = NULL, is_suspended = false,
                   list_price_minor = CASE WHEN list_price_minor > $3 THEN list_price_minor END,
                   feed = $2, updated_at = $6, {_UNLIKE_ANY_ROW}
            FROM variant v WHERE o.id = $1 AND v.id = o.variant RETURNING v.product""",  # noqa: S608
        offer,
        feed,
        price,
        price_minor,
        currency,
        now(),
    )
    return int(row["product"])  # type: ignore[index]


async def take_off(offer: int, feed: int) -> int:
    """Not on sale any more; the id of its product. In the caller's transaction, which has locked the offer."""
    row = await fetch_one(
        f"""UPDATE offer o SET withdrawn_at = $3, is_suspended = false, feed = $2, updated_at = $3, {_UNLIKE_ANY_ROW}
            FROM variant v WHERE o.id = $1 AND v.id = o.variant RETURNING v.product""",  # noqa: S608
        offer,
        feed,
        now(),
    )
    return int(row["product"])  # type: ignore[index]
