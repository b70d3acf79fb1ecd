"""What offers have cost, to tell a reduction from a price that was raised first; and what is recommended."""

from enum import StrEnum

from piccolo.columns import Array, BigInt, BigSerial, Integer, Timestamptz, Varchar
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


EVERYBODY = 0  # the subject of what is recommended to all


class ListKind(StrEnum):
    """What a list is of, and whose it is."""

    TOGETHER = "together"  # of a product: what is bought in the same basket
    FOR_YOU = "for_you"  # of an account: what it has not bought and may want
    AGAIN = "again"  # of an account: what it has bought and may buy again
    TRENDING = "trending"  # of EVERYBODY: what sells these days


class RecommendedList(Table, db=DB):
    """Products for a subject, the best first; unique per (kind, subject). All lists are learned together."""

    id = BigSerial(primary_key=True)
    kind = Varchar(8, choices=ListKind)
    subject = BigInt()  # no foreign key: the next learning makes them all anew
    products = Array(BigInt())
    learned_at = Timestamptz()
