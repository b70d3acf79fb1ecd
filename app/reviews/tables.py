"""What buyers say of products, how it was judged, and what it adds up to."""

from enum import StrEnum

from piccolo.columns import BigSerial, Bytea, ForeignKey, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.accounts.tables import Account, Supplier
from app.catalog.tables import Product
from app.infra.database import DB


class ReviewState(StrEnum):
    WAITING = "waiting"  # for an operator; its stars do not count
    SHOWN = "shown"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # by its author, or because the order came to nothing


class ReportKind(StrEnum):
    OFFENSIVE = "offensive"
    PERSONAL = "personal"
    ADVERT = "advert"
    UNTRUE = "untrue"
    OTHER = "other"


class Review(Table, db=DB):
    """Unique per product and author, who is an account or a visitor; nobody any more when the account is gone."""

    id = BigSerial(primary_key=True)
    product = ForeignKey(Product, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, on_delete=OnDelete.set_null, null=True, default=None)
    visitor = Bytea(null=True, default=None)
    name = Varchar(60, default="")  # "Marta F."; "" is shown as "Verified buyer"
    supplier = ForeignKey(Supplier, on_delete=OnDelete.restrict, null=True, default=None)  # who sold it to its author
    choice = Varchar(200, default="")  # of the variant that was bought: "Bottle green, Clamp"
    stars = SmallInt()
    title = Varchar(100, default="")
    text = Text(default="")
    state = Varchar(9, choices=ReviewState)
    reason = Varchar(1000, default="")  # why it waits or was rejected
    version = Integer(default=1)  # raised by every edit: an operator decides on what he has read
    helpful = Integer(default=0)  # how many votes, kept by a trigger
    answer = Varchar(1000, default="")  # of its seller
    answered_at = Timestamptz(null=True, default=None)
    written_at = Timestamptz()
    edited_at = Timestamptz(null=True, default=None)


class ReviewMove(Table, db=DB):
    """One row per change of state, with what the review said."""

    id = BigSerial(primary_key=True)
    review = ForeignKey(Review)
    from_state = Varchar(9, choices=ReviewState, null=True, default=None)
    to_state = Varchar(9, choices=ReviewState)
    actor = Varchar(8)  # "author", "operator", "order"
    account = ForeignKey(Account, on_delete=OnDelete.set_null, null=True, default=None)  # the operator's
    reason = Varchar(1000, default="")
    stars = SmallInt()
    title = Varchar(100)
    text = Text()
    moved_at = Timestamptz()


class ReviewVote(Table, db=DB):
    """Somebody found a review helpful; unique per review and account or visitor."""

    id = BigSerial(primary_key=True)
    review = ForeignKey(Review)
    account = ForeignKey(Account, null=True, default=None)
    visitor = Bytea(null=True, default=None)
    voted_at = Timestamptz()


class ReviewReport(Table, db=DB):
    """Somebody thinks that a review should not be shown; unique per review and account or visitor."""

    id = BigSerial(primary_key=True)
    review = ForeignKey(Review)
    account = ForeignKey(Account, null=True, default=None)
    visitor = Bytea(null=True, default=None)
    kind = Varchar(10, choices=ReportKind)
    note = Varchar(500, default="")
    reported_at = Timestamptz()
    settled_at = Timestamptz(null=True, default=None)  # an operator has looked


class ProductRating(Table, db=DB):
    """How many shown reviews of a product gave each number of stars; kept by a trigger of `review`."""

    product = ForeignKey(Product, primary_key=True)
    ones = Integer(default=0)
    twos = Integer(default=0)
    threes = Integer(default=0)
    fours = Integer(default=0)
    fives = Integer(default=0)
    reviews = Integer()  # generated: their sum
    stars = Integer()  # generated: the sum of all stars
