"""Orders, the parcels they travel in, their lines, and every move they made."""

from enum import StrEnum

from piccolo.columns import (
    JSONB,
    UUID,
    BigInt,
    BigSerial,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.accounts.tables import Account, Supplier
from app.catalog.tables import Offer
from app.infra.database import DB
from app.inventory.tables import Warehouse


class OrderState(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUNDED = "refunded"
    RETURNED = "returned"


class Order(Table, db=DB, tablename="shop_order"):
    id = BigSerial(primary_key=True)
    number = Varchar(16, unique=True)  # "F-2611-48K7Q"
    account = ForeignKey(Account, on_delete=OnDelete.restrict, null=True, default=None)
    visitor = Bytea(null=True, default=None, index=True)  # a guest's cookie, hashed
    state = Varchar(10, choices=OrderState, default=OrderState.PENDING)
    email = Varchar(254)
    name = Varchar(120)
    phone = Varchar(30, default="")
    line1 = Varchar(200)
    line2 = Varchar(200, default="")
    postcode = Varchar(12)
    place = Varchar(80)
    currency = Varchar(3)
    items_minor = BigInt()
    delivery_minor = Integer()
    total_minor = BigInt()
    vat_minor = BigInt()
    checkout_key = UUID(unique=True)
    request_hash = Bytea()  # of what was confirmed: the key with other content is refused
    reserved_until = Timestamptz()
    placed_at = Timestamptz()
    paid_at = Timestamptz(null=True, default=None)


class Parcel(Table, db=DB):
    """What one supplier sends from one warehouse; it carries the promise."""

    id = BigSerial(primary_key=True)
    order = ForeignKey(Order, on_delete=OnDelete.restrict)
    number = SmallInt()
    supplier = ForeignKey(Supplier, on_delete=OnDelete.restrict)
    warehouse = ForeignKey(Warehouse, on_delete=OnDelete.restrict)
    service_level = Varchar(20)
    delivery_minor = Integer()
    promised_on = Date()


class OrderLine(Table, db=DB):
    """A copy of what was bought: later changes of the product do not touch it."""

    id = BigSerial(primary_key=True)
    parcel = ForeignKey(Parcel, on_delete=OnDelete.restrict)
    offer = ForeignKey(Offer, on_delete=OnDelete.restrict)
    product_slug = Varchar(160)
    sku = Varchar(40)
    name = Varchar(300)
    note = Varchar(200)
    options = JSONB(default="{}")
    image = Varchar(2000)
    quantity = Integer()
    unit_price_minor = Integer()


class OrderMove(Table, db=DB):
    """One row per change of state."""

    id = BigSerial(primary_key=True)
    order = ForeignKey(Order, on_delete=OnDelete.restrict)
    from_state = Varchar(10, null=True, default=None)
    to_state = Varchar(10)
    actor = Varchar(40)  # "shopper", "provider", "sweeper"
    note = Text(default="")
    moved_at = Timestamptz()
