"""What shoppers want to remember: named lists of variants, for guests too."""

from enum import StrEnum

from piccolo.columns import BigSerial, Boolean, Bytea, Date, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.table import Table

from app.accounts.tables import Account
from app.catalog.tables import Variant
from app.infra.database import DB


class Visibility(StrEnum):
    PRIVATE = "private"
    LINK = "link"  # whoever has the address
    PUBLIC = "public"  # search engines, too


class Wishlist(Table, db=DB):
    """Belongs to an account, or to the visitor whose cookie hashes to `visitor`. Each of them has one main list."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, null=True, default=None)
    visitor = Bytea(null=True, default=None)
    name = Varchar(60)
    is_main = Boolean(default=False)
    visibility = Varchar(7, choices=Visibility, default=Visibility.PRIVATE)
    token = Varchar(32, unique=True)  # of the address that is shared; a new one when the list becomes private
    tells = Boolean(default=False)  # its owner hears by mail what is back or costs less: app/wishlists/telling.py
    created_at = Timestamptz()


class WishlistEntry(Table, db=DB):
    """Unique per (wishlist, variant). The first position stands at the top."""

    id = BigSerial(primary_key=True)
    wishlist = ForeignKey(Wishlist)
    variant = ForeignKey(Variant)
    position = Integer()
    note = Varchar(300, default="")
    added_price_minor = Integer()
    added_at = Timestamptz()


class WishWatch(Table, db=DB):
    """What the owner of a list that tells knows of an entry."""

    entry = ForeignKey(WishlistEntry, primary_key=True)
    out_since = Timestamptz(null=True, default=None)  # NULL: it could be bought when we last looked
    told_back_at = Timestamptz(null=True, default=None)
    told_price_minor = Integer()
    told_price_at = Timestamptz()


class WishDigest(Table, db=DB):
    """Unique per (account, day): a shopper hears of lower prices once a day."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account)
    day = Date()
