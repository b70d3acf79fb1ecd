"""Where the shop delivers and how long each way takes."""

from piccolo.columns import (
    JSONB,
    Array,
    BigInt,
    BigSerial,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    Real,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.accounts.tables import Account
from app.infra.database import DB
from app.inventory.tables import Warehouse


class Zone(Table, db=DB):
    """A group of postcodes that the carrier treats alike."""

    id = BigSerial(primary_key=True)
    code = Varchar(20, unique=True)
    name = Varchar(80)
    country = Varchar(2)
    holiday_subdivision = Varchar(20, default="")
    delivery_days = Array(SmallInt(), default=[0, 1, 2, 3, 4])  # on which parcels are handed out; Monday is 0


class PostcodeArea(Table, db=DB):
    """The postcodes that start with `prefix`, marked if of another country than the shop's; the longest prefix wins."""

    id = BigSerial(primary_key=True)
    prefix = Varchar(16, unique=True)
    place = Varchar(80)
    zone = ForeignKey(Zone)


class ServiceLevel(Table, db=DB):
    id = BigSerial(primary_key=True)
    code = Varchar(20, unique=True)  # "standard", "express"
    name = Varchar(80)
    position = SmallInt(default=0)


class Lane(Table, db=DB):
    """Warehouse to zone by a service level: working days on the road, and the price of a parcel."""

    id = BigSerial(primary_key=True)
    warehouse = ForeignKey(Warehouse)
    zone = ForeignKey(Zone)
    service_level = ForeignKey(ServiceLevel)
    transit_days = SmallInt()
    price_minor = Integer()
    free_from_minor = Integer(null=True, default=None)  # parcels of at least this worth go free


class Surcharge(Table, db=DB):
    """Working days more for orders that start on these days, both included; no warehouse or zone: every one."""

    id = BigSerial(primary_key=True)
    first_day = Date()
    last_day = Date()
    warehouse = ForeignKey(Warehouse, null=True, on_delete=OnDelete.cascade)
    zone = ForeignKey(Zone, null=True, on_delete=OnDelete.cascade)
    extra_days = SmallInt()
    reason = Varchar(80)


class DeliveryChange(Table, db=DB):
    """What an operator changed about delivery: one row per change, never altered."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.restrict)
    subject = Varchar(120)  # "Warehouse LIS"
    before = Varchar(2000, default="")
    after = Varchar(2000, default="")
    changed_at = Timestamptz()


class TransitRecord(Table, db=DB):
    """A parcel on its way, or how it went: what transit times are learned from."""

    id = BigSerial(primary_key=True)
    reference = Varchar(60, unique=True)  # "F-2611-48K7Q/1", or a carrier's own
    warehouse = ForeignKey(Warehouse, on_delete=OnDelete.cascade)
    zone = ForeignKey(Zone, on_delete=OnDelete.cascade)
    service_level = Varchar(20)
    ordered_at = Timestamptz(index=True)
    ships_on = Date()  # the working day on which it is to leave the warehouse
    promised_on = Date(null=True, default=None, index=True)
    handed_over_on = Date(null=True, default=None)
    delivered_on = Date(null=True, default=None)
    is_void = Boolean(default=False)  # cancelled: nobody waits for it


class TransitTime(Table, db=DB):
    """What a lane has been found to take; it beats the lane's own days unless an operator holds those."""

    id = BigSerial(primary_key=True)
    warehouse = ForeignKey(Warehouse, on_delete=OnDelete.cascade)
    zone = ForeignKey(Zone, on_delete=OnDelete.cascade)
    service_level = Varchar(20)  # unique with warehouse and zone
    point_days = Real(null=True, default=None)  # working days on the road that half of the parcels take
    learned_days = SmallInt(null=True, default=None)  # that as many take as promises are to be kept
    parcels = Integer(default=0)  # of the lane, delivered, that it was learned from
    learned_at = Timestamptz(null=True, default=None)
    is_held = Boolean(default=False)


class DeliveryVersion(Table, db=DB):
    """How often the table `part` was changed: counted by triggers, in the transaction of each change."""

    part = Varchar(40, primary_key=True)
    version = BigInt()


class PostcodeUpload(Table, db=DB):
    """A table of postcodes that an operator has sent: kept until it is applied, thrown away or too old."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.restrict)
    filename = Varchar(120)
    line_count = Integer()
    prefixes = Array(Text())  # of the good lines, with places and zones (codes) in the same order
    places = Array(Text())
    zones = Array(Text())
    spared = Array(Text())  # prefixes on lines that are wrong: left out, such a line changes nothing
    problems = JSONB(default="[]")  # the first ones: line, field, value, reason
    problem_count = Integer()
    created_at = Timestamptz()
    expires_at = Timestamptz()
    applied_at = Timestamptz(null=True, default=None)


class SavedAddress(Table, db=DB):
    """One of an account's addresses; at most one is its usual one."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account)
    name = Varchar(120)
    phone = Varchar(30)
    line1 = Varchar(200)
    line2 = Varchar(200)
    postcode = Varchar(12)
    place = Varchar(80)
    district = Varchar(80, default="")
    region = Varchar(80, default="")  # a code of the country's data: "CA", "東京都"
    country = Varchar(2)
    is_default = Boolean()
    created_at = Timestamptz()
