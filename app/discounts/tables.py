"""Codes that make an order cheaper, and the orders that were made so."""

from enum import StrEnum

from piccolo.columns import BigInt, BigSerial, ForeignKey, Integer, Numeric, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.accounts.tables import Account
from app.infra.database import DB


class Kind(StrEnum):
    AMOUNT = "amount"
    PERCENT = "percent"
    FREE_DELIVERY = "free_delivery"


class DiscountCode(Table, db=DB, tablename="discount_code"):
    """`used` counts orders that hold or have the discount; only of a code that may be used so often."""

    id = BigSerial(primary_key=True)
    code = Varchar(30, unique=True)
    kind = Varchar(14, choices=Kind)
    amount_minor = Integer(null=True, default=None)
    percent = Numeric((4, 2), null=True, default=None)
    minimum_minor = BigInt(default=0)  # of the goods
    starts_at = Timestamptz()
    ends_at = Timestamptz(null=True, default=None)
    most_uses = Integer(null=True, default=None)
    most_per_shopper = Integer(null=True, default=None)
    used = Integer(default=0)
    made_by = ForeignKey(Account, on_delete=OnDelete.set_null, null=True, default=None)
    made_at = Timestamptz()
    stopped_at = Timestamptz(null=True, default=None)


class DiscountUse(Table, db=DB, tablename="discount_use"):
    """An order that was placed with a code; given back when it was not paid, or is cancelled as a whole."""

    id = BigSerial(primary_key=True)
    discount = ForeignKey(DiscountCode, on_delete=OnDelete.restrict)
    order = BigInt(unique=True)  # orders stand above discounts, so no foreign key
    account = BigInt(null=True, default=None)
    email = Varchar(254)
    off_minor = BigInt()  # the goods
    used_at = Timestamptz()
    given_back_at = Timestamptz(null=True, default=None)
