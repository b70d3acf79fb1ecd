"""A shopper's cart: rows, for guests too."""

from piccolo.columns import BigSerial, Bytea, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.table import Table

from app.accounts.tables import Account
from app.catalog.tables import Offer
from app.infra.database import DB


class Cart(Table, db=DB):
    """Belongs to an account, or to the visitor whose cookie hashes to `visitor`."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, null=True, default=None, unique=True)
    visitor = Bytea(null=True, default=None, unique=True)
    # Which of the two there is, written by PostgreSQL. Not unique once more: who begins a cart that another begins just
    # then goes on with that one by ON CONFLICT, which knows of one index only.
    owner = Bytea(index=True)
    updated_at = Timestamptz()


class CartLine(Table, db=DB):
    """Pieces of an offer; unique per (cart, offer)."""

    id = BigSerial(primary_key=True)
    cart = ForeignKey(Cart)
    offer = ForeignKey(Offer)
    quantity = Integer()
    added_price_minor = Integer()  # to say how the price moved since
    added_at = Timestamptz()
    told_price_minor = Integer(null=True, default=None)  # of which the shopper said "seen"
    told_stock = Integer(null=True, default=None)  # likewise
    wanted = Integer(null=True, default=None)  # two carts had so many together, more than one order takes


class AsideLine(Table, db=DB):
    """Pieces of an offer that are out of the cart and may come back; unique per (cart, offer, kind)."""

    id = BigSerial(primary_key=True)
    cart = ForeignKey(Cart)
    offer = ForeignKey(Offer)
    kind = Varchar(7)  # "saved" for later, or "removed" a moment ago
    quantity = Integer()
    added_price_minor = Integer()
    added_at = Timestamptz()
    moved_at = Timestamptz()


class JoinedVisitor(Table, db=DB):
    """A visitor whose things an account has taken over a while ago: what still comes under the old cookie follows."""

    visitor = Bytea(primary_key=True)
    account = ForeignKey(Account)
    joined_at = Timestamptz()


class SharedCart(Table, db=DB, tablename="shared_cart"):
    """What was in a cart at a moment, for whoever has its address, until it ends."""

    id = BigSerial(primary_key=True)
    cart = ForeignKey(Cart)
    token = Varchar(40, unique=True)
    made_at = Timestamptz()
    ends_at = Timestamptz()


class SharedLine(Table, db=DB, tablename="shared_line"):
    id = BigSerial(primary_key=True)
    shared = ForeignKey(SharedCart)
    offer = ForeignKey(Offer)
    quantity = Integer()
