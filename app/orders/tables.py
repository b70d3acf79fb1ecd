"""Orders, the parcels they travel in, their lines, and every move they made."""

from enum import StrEnum

from piccolo.columns import (
    JSONB,
    UUID,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    Numeric,
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


class ParcelState(StrEnum):
    WAITING = "waiting"  # to be packed, once its order is paid
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class ReturnState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"  # to be sent
    REFUSED = "refused"
    CLOSED = "closed"  # approved, and never arrived
    RECEIVED = "received"
    REFUNDED = "refunded"


class TrackingKind(StrEnum):
    """What a carrier says of a shipment."""

    HANDED_OVER = "handed_over"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELAYED = "delayed"
    DELIVERED = "delivered"


class OrderMonth(Table, db=DB):
    """A partition of orders, their lines and the history of both: 202611, or 0 for what is older than partitions."""

    month = Integer(primary_key=True)
    archived_at = Timestamptz(null=True, default=None)


class OrderKey(Table, db=DB):
    """What is unique over all months; an order refers to its row. The id begins with the month: 202611 0000000042."""

    order = BigInt(primary_key=True)
    number = Varchar(16, unique=True)  # "F-2611-48K7Q"
    checkout_key = UUID(unique=True)


class Order(Table, db=DB, tablename="shop_order"):
    """Partitioned by month, as are lines and moves: `app/orders/months.py`."""

    id = BigInt(primary_key=True)
    number = Varchar(16)
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
    district = Varchar(80, default="")
    region = Varchar(80, default="")
    country = Varchar(2)
    currency = Varchar(3)
    items_minor = BigInt()
    delivery_minor = Integer()
    discount_minor = BigInt(default=0)  # off the goods
    discount_code = Varchar(30, default="")
    total_minor = BigInt()
    vat_minor = BigInt()
    is_net = Boolean(default=False)  # VAT is not in the prices, the delivery and the discount; the total contains it
    checkout_key = UUID()
    request_hash = Bytea()  # of what was confirmed: the key with other content is refused
    reserved_until = Timestamptz()
    placed_at = Timestamptz()
    paid_at = Timestamptz(null=True, default=None)
    # Not here: `words` (tsvector), by which its owner finds it; a trigger keeps the owner among them.


class Parcel(Table, db=DB):
    """What one supplier sends from one warehouse; it carries the promise. Its id begins with the month of its order."""

    id = BigInt(primary_key=True)
    order = ForeignKey(Order, on_delete=OnDelete.restrict)
    number = SmallInt()
    supplier = ForeignKey(Supplier, on_delete=OnDelete.restrict)
    warehouse = ForeignKey(Warehouse, on_delete=OnDelete.restrict)
    service_level = Varchar(20)
    delivery_minor = Integer()
    promised_on = Date()
    state = Varchar(9, choices=ParcelState, default=ParcelState.WAITING)
    sold_at = Timestamptz(null=True, default=None)  # when its order was paid: a trigger writes it


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
    vat_percent = Numeric((4, 2))  # in the price
    discount_minor = BigInt(default=0)  # off all pieces
    cancelled = Integer(default=0)  # pieces; CHECK: with those returned never more than `quantity`
    returned = Integer(default=0)  # pieces for which a return was asked and not refused


class OrderMove(Table, db=DB):
    """One row per change of state."""

    id = BigSerial(primary_key=True)
    order = ForeignKey(Order, on_delete=OnDelete.restrict)
    from_state = Varchar(10, null=True, default=None)
    to_state = Varchar(10)
    actor = Varchar(40)  # "shopper", "provider", "sweeper"
    note = Text(default="")
    moved_at = Timestamptz()


class ParcelMove(Table, db=DB):
    """One row per change of a parcel's state."""

    id = BigSerial(primary_key=True)
    parcel = ForeignKey(Parcel, on_delete=OnDelete.restrict)
    from_state = Varchar(9)
    to_state = Varchar(9)
    actor = Varchar(40)  # "operator 7", "command", "carrier", "shopper"
    note = Text(default="")
    moved_at = Timestamptz()


class Shipment(Table, db=DB):
    """A parcel in a carrier's hands."""

    id = BigSerial(primary_key=True)
    parcel = ForeignKey(Parcel, on_delete=OnDelete.restrict, unique=True)
    carrier = Varchar(20)  # a key of CARRIERS, or "" for one that we are told of only by its files
    tracking_code = Varchar(60)
    is_hurried = Boolean(default=False)  # its time runs faster than ours: nothing is learned from it
    handed_over_at = Timestamptz()
    expected_on = Date(null=True, default=None)  # another day than promised, as the carrier says
    delivered_at = Timestamptz(null=True, default=None)
    asked_at = Timestamptz(null=True, default=None)  # when the carrier was last asked for news


class TrackingEvent(Table, db=DB):
    """What a carrier said of a shipment: unique per (shipment, event)."""

    id = BigSerial(primary_key=True)
    shipment = ForeignKey(Shipment, on_delete=OnDelete.restrict)
    event = Varchar(40)  # the carrier's own name of it
    kind = Varchar(16, choices=TrackingKind)
    place = Varchar(80, default="")
    at = Timestamptz()


class SimulatedShipment(Table, db=DB):
    """The simulated carrier's own record of a shipment; the shop reads it only through the carrier."""

    id = BigSerial(primary_key=True)
    reference = Varchar(60, unique=True)
    code = Varchar(20, unique=True)
    accepted_at = Timestamptz()


class SimulatedScan(Table, db=DB):
    """What the simulated carrier will say of a shipment, from a moment on: unique per (shipment, number)."""

    id = BigSerial(primary_key=True)
    shipment = ForeignKey(SimulatedShipment, on_delete=OnDelete.cascade)
    number = SmallInt()
    kind = Varchar(16, choices=TrackingKind)
    place = Varchar(80)
    expected_on = Date(null=True, default=None)
    due_at = Timestamptz()


class DocumentNumber(Table, db=DB):
    """The last number given in a series of a year: locked until the document that takes the next one is written."""

    series = Varchar(8, primary_key=True)  # unique with the year
    year = SmallInt()
    last = Integer()


class Invoice(Table, db=DB):
    """Written when an order is paid; `facts` are all that is printed on it. Triggers refuse any change."""

    id = BigSerial(primary_key=True)
    order = ForeignKey(Order, on_delete=OnDelete.restrict, unique=True)
    number = Varchar(20, unique=True)  # "FT 2026/1"
    facts = JSONB()
    issued_at = Timestamptz()


class CreditNote(Table, db=DB):
    """What goes back of an invoice, and why. Triggers refuse any change."""

    id = BigSerial(primary_key=True)
    order = ForeignKey(Order, on_delete=OnDelete.restrict)
    number = Varchar(20, unique=True)  # "NC 2026/1"
    reason = Varchar(10)  # cancelled | returned
    amount_minor = BigInt()
    vat_minor = BigInt()
    facts = JSONB()
    issued_at = Timestamptz()


class OrderReturn(Table, db=DB):
    """What a shopper wants to send back of an order."""

    id = BigSerial(primary_key=True)
    order = ForeignKey(Order, on_delete=OnDelete.restrict)
    number = SmallInt()  # unique with the order
    state = Varchar(9, choices=ReturnState)
    reason = Varchar(12)  # a key of `return_asking.REASONS`
    note = Varchar(1000, default="")  # the shopper's
    answer = Varchar(1000, default="")  # why it was refused or closed
    requested_at = Timestamptz()


class ReturnLine(Table, db=DB):
    id = BigSerial(primary_key=True)
    return_ = ForeignKey(OrderReturn, on_delete=OnDelete.restrict, db_column_name="return")
    parcel = BigInt()  # of the line
    line = ForeignKey(OrderLine, on_delete=OnDelete.restrict)
    pieces = Integer()
    is_restocked = Boolean(null=True, default=None)  # when it came back: to be sold again, or written off


class ReturnMove(Table, db=DB):
    """One row per change of a return's state."""

    id = BigSerial(primary_key=True)
    return_ = ForeignKey(OrderReturn, on_delete=OnDelete.restrict, db_column_name="return")
    from_state = Varchar(9, null=True, default=None)
    to_state = Varchar(9)
    actor = Varchar(40)
    moved_at = Timestamptz()
