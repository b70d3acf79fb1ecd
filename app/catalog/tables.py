"""What is sold: categories, products, their variants, and suppliers' offers of them."""

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
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
from app.infra.database import DB


class Category(Table, db=DB):
    """A place in the two-level tree; `path` is unique, such as "lighting/desk-lamps"."""

    id = BigSerial(primary_key=True)
    path = Varchar(200, unique=True)
    name = Varchar(120)
    position = Integer(default=0)
    art_kind = Varchar(20)
    art_form = Varchar(20, null=True, default=None)
    # By which foreign categories and titles are recognised as it. None: never said, see tree.py.
    words = Array(base_column=Varchar(60), null=True, default=None)
    was = Array(base_column=Varchar(200), default=list)  # paths of categories that were joined to it


class Product(Table, db=DB):
    """What a shopper sees. It is on sale while one of its variants has an offer."""

    id = BigSerial(primary_key=True)
    # Identity inside one supplier's feeds: its group (or SKU). A variant found by GTIN joins the product it is in.
    owner = ForeignKey(Supplier, on_delete=OnDelete.restrict)
    owner_key = Varchar(120)
    slug = Varchar(160, unique=True)
    name = Varchar(300)
    brand = Varchar(120)
    note = Varchar(200)
    description = Text()
    category = ForeignKey(Category, on_delete=OnDelete.restrict)
    attributes = JSONB(default="{}")
    image = Varchar(2000)  # address of the picture on our own host
    version = BigInt(default=1)  # raised by every change that a page shows
    created_at = Timestamptz()
    updated_at = Timestamptz()
    barred_at = Timestamptz(null=True, default=None)  # from the shop, whoever sells it: see barring.py


class ProductDecision(Table, db=DB, tablename="product_decision"):
    """An operator barred a product, or let it back. Never altered."""

    id = BigSerial(primary_key=True)
    product = ForeignKey(Product, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, on_delete=OnDelete.restrict)
    is_barred = Boolean()
    reason = Varchar(400, default="")  # its sellers read it
    decided_at = Timestamptz()


class Variant(Table, db=DB):
    """One buyable form of a product."""

    id = BigSerial(primary_key=True)
    product = ForeignKey(Product, on_delete=OnDelete.restrict)
    sku = Varchar(40, unique=True)  # ours, such as "F7K2M9QX"
    gtin = Varchar(14, null=True, default=None)
    options = JSONB(default="{}")  # {"Colour": "Bottle green"}
    image = Varchar(2000, default="")
    note = Varchar(200, default="")


class Offer(Table, db=DB):
    """One supplier's price for a variant, in the shop's currency."""

    id = BigSerial(primary_key=True)
    variant = ForeignKey(Variant, on_delete=OnDelete.restrict)
    supplier = ForeignKey(Supplier, on_delete=OnDelete.restrict)
    supplier_sku = Varchar(100)
    price_minor = Integer()
    list_price_minor = Integer(null=True, default=None)
    source_price_minor = BigInt()
    source_currency = Varchar(3)
    handling_days = SmallInt(default=0)
    row_hash = Bytea()  # of the feed's row: the same again changes nothing
    fingerprint = BigInt(null=True, default=None)  # of the row as it was sent; NULL: the row has to be judged again
    feed = BigInt()  # the feed that changed it last
    withdrawn_at = Timestamptz(null=True, default=None)
    is_suspended = Boolean(default=False)  # withdrawn by the shop, with its supplier or product; comes back with them
    created_at = Timestamptz()
    updated_at = Timestamptz()


class ExchangeRate(Table, db=DB):
    """Units of a currency for one unit of the shop's."""

    id = BigSerial(primary_key=True)
    currency = Varchar(3, unique=True)
    per_unit = Numeric(digits=(18, 8))
    as_of = Date()


class ExchangeRateChange(Table, db=DB):
    """What an operator changed about a rate: one row per change, never altered. None: there was, or is, no rate."""

    id = BigSerial(primary_key=True)
    account = ForeignKey(Account, on_delete=OnDelete.restrict)
    currency = Varchar(3)
    before = Numeric(digits=(18, 8), null=True, default=None)
    after = Numeric(digits=(18, 8), null=True, default=None)
    changed_at = Timestamptz()


class AppliedBatch(Table, db=DB):
    """A batch of a feed that is in the catalogue; unique per (feed, number), so it may arrive twice."""

    id = BigSerial(primary_key=True)
    feed = BigInt()
    number = Integer()
    applied = Integer()
    unchanged = Integer()
    withdrawn = Integer(default=0)
    event_id = UUID(null=True, default=None)  # the `products` event that told of it; NULL: nothing changed
    applied_at = Timestamptz()


class OfferBatch(Table, db=DB):
    """The rows of a batch on their way into the catalogue: its event only says where they lie."""

    id = BigSerial(primary_key=True)
    feed = BigInt()
    number = Integer()
    rows = Bytea()  # MessagePack


class UnlistedOffers(Table, db=DB):
    """Offers that a full feed does not list; they are withdrawn when all of its batches are in."""

    id = BigSerial(primary_key=True)
    feed = BigInt()
    offers = Array(BigInt())


class Picture(Table, db=DB):
    """A picture that suppliers link to, fetched in the background; the files are in app/catalog/picture_files.py.

    `state` is waiting, ready or failed; all three have a time for the next attempt, which is also the lease of whoever
    is fetching it now.
    """

    key = Varchar(32, primary_key=True)  # of its address: app/catalog/depicting.py
    url = Varchar(2100)
    supplier = ForeignKey(Supplier, on_delete=OnDelete.restrict)  # whose feed named it first
    state = Varchar(10, default="waiting")
    attempts = Integer(default=0)  # since it was last good
    next_attempt_at = Timestamptz()
    etag = Varchar(500, default="")
    last_modified = Varchar(100, default="")
    width = Integer(null=True, default=None)
    height = Integer(null=True, default=None)
    bytes = BigInt(null=True, default=None)  # as it came
    reason = Varchar(500, default="")  # a sentence for the supplier
    wanted_at = Timestamptz()
    fetched_at = Timestamptz(null=True, default=None)
    unused_since = Timestamptz(null=True, default=None)  # no product shows it: app/catalog/unused_pictures.py


class PictureWish(Table, db=DB):
    """Links that a batch came with: a moment later they are rows of Picture, where they are new."""

    id = BigSerial(primary_key=True)
    supplier = BigInt()
    links = Array(Text())
    wished_at = Timestamptz()


class TaxRate(Table, db=DB, tablename="tax_rate"):
    """VAT of a category and all below it, or of everything, in a country from a day on."""

    id = BigSerial(primary_key=True)
    country = Varchar(2)
    category = ForeignKey(Category, on_delete=OnDelete.restrict, null=True, default=None)
    percent = Numeric((4, 2))
    valid_from = Date()
    set_by = ForeignKey(Account, on_delete=OnDelete.set_null, null=True, default=None)
    set_at = Timestamptz()
