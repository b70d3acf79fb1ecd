"""What shoppers do, as far as they let us keep it; what is known of each of them; and what they do not want to see."""

from enum import StrEnum

from piccolo.columns import (
    Array,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table

from app.accounts.tables import Account
from app.infra.database import DB


class Kind(StrEnum):
    VIEWED = "viewed"
    SEARCHED = "searched"
    CARTED = "carted"
    UNCARTED = "uncarted"
    WISHED = "wished"
    UNWISHED = "unwished"
    BOUGHT = "bought"


class Activity(Table, db=DB):
    """What an account or a visitor did; kept for 90 days. A visitor has a cookie because there is a cart or a list."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, null=True, default=None)
    visitor = Bytea(null=True, default=None)
    kind = Varchar(8, choices=Kind)
    product = BigInt(null=True, default=None)
    query = Varchar(80, default="")
    at = Timestamptz()


class ProductInterest(Table, db=DB):
    """How often a product was looked at, put into carts and onto lists on a day: by everybody, and nothing says whom.

    Unique: (day, product).
    """

    id = BigSerial(primary_key=True)
    day = Date()
    product = BigInt()
    viewed = Integer(default=0)
    carted = Integer(default=0)
    wished = Integer(default=0)


class ActivityCount(Table, db=DB):
    """How often each kind of thing was done on a day; kind "dropped": thrown away, because there was too much.

    Unique: (day, kind).
    """

    id = BigSerial(primary_key=True)
    day = Date()
    kind = Varchar(8)
    times = Integer(default=0)


class PersonalChoice(Table, db=DB):
    """What an account or a visitor does not want: `is_off` nothing personal at all, `hidden` shelves (their kinds)."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, null=True, default=None, unique=True)
    visitor = Bytea(null=True, default=None, unique=True)
    is_off = Boolean(default=False)
    hidden = Array(Text())
    changed_at = Timestamptz()
    forgot_at = Timestamptz(null=True, default=None)  # what was done before is not kept, whenever we hear of it


class ShopperInterest(Table, db=DB):
    """What is known of an account or a visitor: made anew within seconds of what they do, from what is kept of it."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, null=True, default=None, unique=True)
    visitor = Bytea(null=True, default=None, unique=True)
    viewed = Array(BigInt())  # products, the newest first
    liked = Array(BigInt())  # products that go with what they looked at, put into the cart or bought; the best first
    because = BigInt(null=True, default=None)  # the product that says most of what they want now
    categories = Array(Text())  # paths, the one they look at most first
    learned_at = Timestamptz()
