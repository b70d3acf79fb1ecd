"""What offers have cost, so that a reduction can be told from a price that was raised first."""

from piccolo.columns import BigInt, BigSerial, Integer, Timestamptz
from piccolo.table import Table

from app.infra.database import DB


class PriceHistory(Table, db=DB):
    """An offer was on sale for a price from `since` until `until`; of each offer at most one row is open.

    `prior_minor` is the lowest price of the 30 days before `since`; NULL when the offer was not on sale 30 days before,
    and for a price that has stood for 30 days itself.
    """

    id = BigSerial(primary_key=True)
    offer = BigInt()  # no foreign key: a million first prices are written at once, and offers are never deleted
    price_minor = Integer()
    prior_minor = Integer(null=True, default=None)
    since = Timestamptz()
    until = Timestamptz(null=True, default=None)  # NULL: it is on sale for this price now
