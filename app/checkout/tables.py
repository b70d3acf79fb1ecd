"""The steps before an order exists."""

from piccolo.columns import JSONB, UUID, BigInt, BigSerial, ForeignKey, Timestamptz, Varchar
from piccolo.table import Table

from app.cart.tables import Cart
from app.infra.database import DB


class Checkout(Table, db=DB):
    """What the shopper has answered so far; `key` makes placing the order happen once."""

    id = BigSerial(primary_key=True)
    cart = ForeignKey(Cart, unique=True)
    key = UUID()
    email = Varchar(254, default="")
    name = Varchar(120, default="")
    phone = Varchar(30, default="")
    line1 = Varchar(200, default="")
    line2 = Varchar(200, default="")
    postcode = Varchar(12, default="")
    place = Varchar(80, default="")
    district = Varchar(80, default="")
    region = Varchar(80, default="")
    country = Varchar(2)
    service_levels = JSONB(default="{}")  # parcel key -> service level code
    discount_code = Varchar(30, default="")
    order = BigInt(null=True, default=None)
    updated_at = Timestamptz()
