"""What shoppers search for, by day, and nothing says who; the lists of synonyms."""

from piccolo.columns import BigInt, BigSerial, Date, Integer, Text, Timestamptz, Varchar
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


class SynonymVersion(Table, db=DB):
    """A list of synonyms as somebody saved it; the highest version counts. Unique: (language, version).

    Version 0, without an account, is the list that stood before the first change.
    """

    id = BigSerial(primary_key=True)
    language = Varchar(8)
    version = Integer()
    text = Text()
    account = BigInt(null=True)
    edited_at = Timestamptz()


class SynonymDismissal(Table, db=DB):
    """A proposal that no operator wants to see again. Unique: (query, next_query).

    `next_query` is empty where the proposal was a query alone.
    """

    id = BigSerial(primary_key=True)
    query = Varchar(80)
    next_query = Varchar(80)
    account = BigInt()
    dismissed_at = Timestamptz()
