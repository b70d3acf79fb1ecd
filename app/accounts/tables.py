"""Who uses the shop: accounts, their sessions, and the suppliers some of them act for."""

from enum import StrEnum

from piccolo.columns import Array, BigSerial, Bytea, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from app.infra.database import DB


class Role(StrEnum):
    SHOPPER = "shopper"
    SUPPLIER = "supplier"
    OPERATOR = "operator"


class SupplierState(StrEnum):
    APPLIED = "applied"  # waits for an operator
    APPROVED = "approved"  # may send feeds
    DECLINED = "declined"
    SUSPENDED = "suspended"


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
    state = Varchar(10, choices=SupplierState, default=SupplierState.APPLIED)
    created_at = Timestamptz()


class Account(Table, db=DB):
    id = BigSerial(primary_key=True)
    email = Varchar(254, unique=True)  # lower case
    password_hash = Varchar(200)
    name = Varchar(120)
    role = Varchar(10, choices=Role, default=Role.SHOPPER)
    supplier = ForeignKey(Supplier, null=True, default=None)
    created_at = Timestamptz()
    email_confirmed_at = Timestamptz(null=True, default=None)  # NULL: nobody has proved that mail to it arrives
    new_email = Varchar(254, default="")  # asked for, and not confirmed yet
    new_email_at = Timestamptz(null=True, default=None)
    postcode = Varchar(16, default="")  # where this shopper wants things; "" unknown


class Session(Table, db=DB):
    """A sign-in on one device. The cookie holds the token, the row its SHA-256."""

    id = BigSerial(primary_key=True)
    token_hash = Bytea(unique=True)
    account = ForeignKey(Account)
    created_at = Timestamptz()
    expires_at = Timestamptz(index=True)
    device = Varchar(60, default="")  # "Firefox on Windows"
    seen_at = Timestamptz()  # to the hour


class SignInFailure(Table, db=DB):
    """A wrong password for an e-mail address, counted to slow down guessing."""

    id = BigSerial(primary_key=True)
    email = Varchar(254, index=True)
    browser = Varchar(40, default="")  # one that knows the address, or a session; "": of all others together
    failed_at = Timestamptz()


class SupplierApplication(Table, db=DB):
    """What a business said of itself when it applied; for operators only. A supplier has at most one."""

    id = BigSerial(primary_key=True)
    supplier = ForeignKey(Supplier, on_delete=OnDelete.restrict, unique=True)
    legal_name = Varchar(160)
    tax_country = Varchar(2)  # ISO 3166
    tax_number = Varchar(30, index=True)  # without its country and blanks
    contact_name = Varchar(120)
    email = Varchar(254)
    phone = Varchar(30)
    website = Varchar(200)  # "" or an http(s) address
    sells = Array(Varchar(200))  # paths of categories
    ship_from_postcode = Varchar(16)  # marked if abroad; "": everything lies in the supplier's default warehouse
    created_at = Timestamptz()


class SupplierDecision(Table, db=DB):
    """A supplier's change of state, by an operator."""

    id = BigSerial(primary_key=True)
    supplier = ForeignKey(Supplier, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, on_delete=OnDelete.restrict)
    from_state = Varchar(10, choices=SupplierState)
    to_state = Varchar(10, choices=SupplierState)
    note = Varchar(1000)  # the supplier reads it
    decided_at = Timestamptz()


class ApplicationTry(Table, db=DB):
    """An application from a network address, counted to slow down floods of them."""

    id = BigSerial(primary_key=True)
    sender = Bytea()  # a keyed hash of the address
    tried_at = Timestamptz()


class AccountTry(Table, db=DB):
    """Something that may be done so often only (tries.py), by somebody of whom a keyed hash is kept."""

    id = BigSerial(primary_key=True)
    kind = Varchar(20)
    who = Bytea()
    tried_at = Timestamptz()
