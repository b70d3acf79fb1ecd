"""What shoppers search for, by day; nothing says who."""

from piccolo.columns import BigSerial, Date, Integer, Varchar
from piccolo.table import Table

from app.infra.database import DB


class SearchAsked(Table, db=DB):
    """How often a query was asked on a day. Unique: (day, query)."""

    id = BigSerial(primary_key=True)
    day = Date()
    query = Varchar(80)  # folded
    shown = Varchar(80)  # as it was typed the last time
    asked = Integer(default=0)
    found = Integer(default=0)  # products with all of its words, the last time


class SearchFollowed(Table, db=DB):
    """A query that found no product with all of its words, and what the same shopper asked next, with success.

    Unique: (day, query, next_query).
    """

    id = BigSerial(primary_key=True)
    day = Date()
    query = Varchar(80)
    next_query = Varchar(80)
    times = Integer(default=0)
