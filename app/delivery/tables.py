"""Where the shop delivers and how long each way takes."""

from piccolo.columns import BigSerial, ForeignKey, Integer, SmallInt, Varchar
from piccolo.table import Table

from app.infra.database import DB
from app.inventory.tables import Warehouse


class Zone(Table, db=DB):
    """A group of postcodes that the carrier treats alike."""

    id = BigSerial(primary_key=True)
    code = Varchar(20, unique=True)
    name = Varchar(80)
    holiday_subdivision = Varchar(6, default="")


class PostcodeArea(Table, db=DB):
    """The postcodes that start with `prefix`; the longest prefix wins."""

    id = BigSerial(primary_key=True)
    prefix = Varchar(8, unique=True)
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
