"""What can be sold: stock on hand of an offer in a warehouse, and what is held of it."""

from datetime import time
from enum import StrEnum

from piccolo.columns import Array, BigInt, BigSerial, ForeignKey, Integer, SmallInt, Time, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.catalog.tables import Offer
from app.infra.database import DB


class Warehouse(Table, db=DB):
    id = BigSerial(primary_key=True)
    code = Varchar(3, unique=True)
    name = Varchar(80)
    place = Varchar(80)
    postcode = Varchar(12)
    timezone = Varchar(40)
    cutoff = Time(default=time(15, 0))  # local; later orders ship the next working day
    handling_days = SmallInt(default=0)
    working_days = Array(SmallInt(), default=[0, 1, 2, 3, 4])  # Monday is 0
    holiday_country = Varchar(2, default="PT")
    holiday_subdivision = Varchar(20, default="")


class Stock(Table, db=DB):
    """Pieces of an offer in a warehouse. CHECK: 0 <= reserved <= on_hand."""

    id = BigSerial(primary_key=True)
    offer = ForeignKey(Offer, on_delete=OnDelete.restrict)
    warehouse = ForeignKey(Warehouse, on_delete=OnDelete.restrict)
    on_hand = Integer(default=0)
    reserved = Integer(default=0)
    told = Integer(null=True, default=None)  # the supplier's last count; NULL: none, or it was taken back


class ReservationState(StrEnum):
    HELD = "held"
    SOLD = "sold"
    RELEASED = "released"


class Reservation(Table, db=DB):
    """Stock held for an unpaid order until it is paid or the hold expires."""

    id = BigSerial(primary_key=True)
    order = BigInt(index=True)  # orders stand above inventory, so no foreign key
    stock = ForeignKey(Stock, on_delete=OnDelete.restrict)
    quantity = Integer()
    state = Varchar(10, choices=ReservationState, default=ReservationState.HELD)
    expires_at = Timestamptz()
    created_at = Timestamptz()


class StockMovement(Table, db=DB, tablename="stock_movement"):
    """Why the pieces on hand of a stock changed, from what to what. Rows are only added (a trigger sees to it)."""

    id = BigSerial(primary_key=True)
    stock = BigInt()  # no foreign key: a feed may change a million, and stock is never deleted
    kind = Varchar(10)  # counted | withdrawn (by the supplier) | sold | returned (with an order) | corrected
    order = BigInt(null=True, default=None)  # orders stand above inventory, so no foreign key
    before = Integer()
    after = Integer()
    moved_at = Timestamptz()
