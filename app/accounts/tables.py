"""Who uses the shop: accounts, their sessions, and the suppliers some of them act for."""

from enum import StrEnum

from piccolo.columns import BigSerial, Bytea, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app.infra.database import DB


class Role(StrEnum):
    SHOPPER = "shopper"
    SUPPLIER = "supplier"
    OPERATOR = "operator"


class Supplier(Table, db=DB):
    """A business that sells through the shop."""

    id = BigSerial(primary_key=True)
    slug = Varchar(80, unique=True)
    name = Varchar(120)
    place = Varchar(80)
    about = Text()
    currency = Varchar(3, default="EUR")
    # Pieces we count on when a feed says only "in stock".
    assumed_stock = Integer(default=5)
    default_category = Varchar(200, null=True, default=None)
    default_warehouse = Varchar(3, default="LIS")
    created_at = Timestamptz()


class Account(Table, db=DB):
    id = BigSerial(primary_key=True)
    email = Varchar(254, unique=True)  # lower case
    password_hash = Varchar(200)
    name = Varchar(120)
    role = Varchar(10, choices=Role, default=Role.SHOPPER)
    supplier = ForeignKey(Supplier, null=True, default=None)
    created_at = Timestamptz()


class Session(Table, db=DB):
    """A sign-in on one device. The cookie holds the token, the row its SHA-256."""

    id = BigSerial(primary_key=True)
    token_hash = Bytea(unique=True)
    account = ForeignKey(Account)
    created_at = Timestamptz()
    expires_at = Timestamptz(index=True)


class SignInFailure(Table, db=DB):
    """A wrong password for an e-mail address, counted to slow down guessing."""

    id = BigSerial(primary_key=True)
    email = Varchar(254, index=True)
    failed_at = Timestamptz()
