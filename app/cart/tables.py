"""A shopper's cart: rows, for guests too."""

from piccolo.columns import BigSerial, Bytea, ForeignKey, Integer, Timestamptz
from piccolo.table import Table

from app.accounts.tables import Account
from app.catalog.tables import Offer
from app.infra.database import DB


class Cart(Table, db=DB):
    """Belongs to an account, or to the visitor whose cookie hashes to `visitor`."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, null=True, default=None, unique=True)
    visitor = Bytea(null=True, default=None, unique=True)
    updated_at = Timestamptz()


class CartLine(Table, db=DB):
    """Pieces of an offer; unique per (cart, offer)."""

    id = BigSerial(primary_key=True)
    cart = ForeignKey(Cart)
    offer = ForeignKey(Offer)
    quantity = Integer()
    added_price_minor = Integer()  # to say how the price moved since
    added_at = Timestamptz()
