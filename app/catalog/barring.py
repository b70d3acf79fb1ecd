"""An operator takes a product off the shop, whoever sells it and whatever feeds say, and lets it back."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.suppliers import TOPIC
from app.catalog.suspending import bar
from app.events.outbox import publish
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, like, transaction

MOST = 50  # products of a search
LONGEST_QUERY = 100
LONGEST_REASON = 400
PRODUCT_BARRED, PRODUCT_LET_BACK = "product_barred", "product_let_back"  # kinds of events, each of one seller


@dataclass(frozen=True)
class FoundProduct:
    id: int
    slug: str
    name: str
    brand: str
    barred_at: datetime | None
    offers: int  # on sale


@dataclass(frozen=True)
class ItsOffer:
    supplier: int
    supplier_name: str
    sku: str  # the supplier's
    options: str
    price_minor: int
    is_on_sale: bool
    is_suspended: bool


@dataclass(frozen=True)
class Decision:
    operator: str
    is_barred: bool
    reason: str
    decided_at: datetime


_PRODUCT = """SELECT p.id, p.slug, p.name, p.brand, p.barred_at,
  (SELECT count(*) FROM variant v JOIN offer o ON o.variant = v.id
   WHERE v.product = p.id AND o.withdrawn_at IS NULL) AS offers FROM product p"""


async def barred() -> list[FoundProduct]:
    """The latest first."""
    rows = await fetch(f"{_PRODUCT} WHERE p.barred_at IS NOT NULL ORDER BY p.barred_at DESC LIMIT $1", MOST)
    return [FoundProduct(**dict(row)) for row in rows]


async def found(words: str) -> list[FoundProduct]:
    """At most MOST products: by the whole of a GTIN, a SKU (ours or a supplier's) or a page's name in its address, else
    by a part of the name.
    """
    wanted = words[:LONGEST_QUERY]
    rows = await fetch(
        f"""{_PRODUCT} WHERE p.slug = $1 OR p.id IN (
              SELECT v.product FROM variant v WHERE v.gtin = $1 OR v.sku = $1 UNION
              SELECT v.product FROM offer o JOIN variant v ON v.id = o.variant
              -- by each supplier, as the index of SKUs begins with them
              WHERE o.supplier IN (SELECT id FROM supplier) AND o.supplier_sku = $1)
            ORDER BY p.id LIMIT $2""",  # noqa: S608 - a constant
        wanted,
        MOST,
    )
    rows = rows or await fetch(f"{_PRODUCT} WHERE p.name ILIKE $1 ORDER BY p.id LIMIT $2", like(wanted), MOST)
    return [FoundProduct(**dict(row)) for row in rows]


async def product_of(product: int) -> FoundProduct:
    """Raises LookupError: there is none."""
    row = await fetch_one(f"{_PRODUCT} WHERE p.id = $1", product)
    if row is None:
        raise LookupError(f"no product {product}")
    return FoundProduct(**dict(row))


async def offers_of(product: int) -> list[ItsOffer]:
    rows = await fetch(
        """SELECT s.id AS supplier, s.name AS supplier_name, o.supplier_sku AS sku, o.price_minor, o.is_suspended,
                  o.withdrawn_at IS NULL AS is_on_sale,
                  coalesce((SELECT string_agg(value, ', ') FROM jsonb_each_text(v.options)), '') AS options
           FROM variant v JOIN offer o ON o.variant = v.id JOIN supplier s ON s.id = o.supplier
           WHERE v.product = $1 ORDER BY v.id, o.price_minor, o.id LIMIT 200""",
        product,
    )
    return [ItsOffer(**dict(row)) for row in rows]


async def decisions_of(product: int) -> list[Decision]:
    """The latest first."""
    rows = await fetch(
        """SELECT a.name AS operator, d.is_barred, d.reason, d.decided_at
           FROM product_decision d JOIN account a ON a.id = d.account WHERE d.product = $1 ORDER BY d.id DESC""",
        product,
    )
    return [Decision(**dict(row)) for row in rows]


async def decide(account_id: int, product: int, *, is_barred: bool, reason: str) -> bool:
    """Bar a product, or let it back. False: it was so already, or there is none."""
    async with transaction():
        if not await bar(product, now() if is_barred else None):
            return False
        await execute(
            """INSERT INTO product_decision (product, account, is_barred, reason, decided_at)
               VALUES ($1, $2, $3, $4, $5)""",
            product,
            account_id,
            is_barred,
            reason,
            now(),
        )
        sellers = await fetch(
            """SELECT DISTINCT o.supplier FROM variant v JOIN offer o ON o.variant = v.id
               WHERE v.product = $1 AND (o.withdrawn_at IS NULL OR o.is_suspended) ORDER BY 1""",
            product,
        )
        kind = PRODUCT_BARRED if is_barred else PRODUCT_LET_BACK
        for each in sellers:
            event = {"kind": kind, "supplier": each["supplier"], "product": product}
            await publish(TOPIC, str(each["supplier"]), event)
    return True


async def reason_of(product: int) -> str | None:
    """Why it is barred, for its sellers; None if it is not."""
    row = await fetch_one(
        """SELECT (SELECT d.reason FROM product_decision d WHERE d.product = p.id ORDER BY d.id DESC LIMIT 1) AS reason
           FROM product p WHERE p.id = $1 AND p.barred_at IS NOT NULL""",
        product,
    )
    return (row["reason"] or "") if row else None
