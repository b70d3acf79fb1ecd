"""A business applies: supplier, application and account in one transaction, once however often the form is sent."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from app.accounts import passwords, suppliers
from app.accounts.admission import new_account
from app.accounts.tables import Role, SupplierState
from app.catalog.currency import rates
from app.catalog.navigation import categories
from app.catalog.slugs import slug_of
from app.delivery.estimate import STANDARD, delivery_map
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.infra.money import SHOP_CURRENCY
from app.infra.settings import settings
from app.suppliers.application_form import Application, Offered

TRIES = 10
COUNTED_FOR = timedelta(hours=1)


class TooManyApplications(Exception):
    """So many came from one network address within an hour that this one is not looked at."""


async def offered() -> Offered:
    warehouses = await fetch("SELECT code, place FROM warehouse ORDER BY id")
    return Offered(
        tuple((category.path, category.name) for category in await categories() if not category.parent),
        tuple(sorted(await rates(), key=lambda code: (code != SHOP_CURRENCY, code))),
        tuple((row["code"], row["place"]) for row in warehouses),
        await delivery_map(),
    )


async def count_try(sender: str) -> None:
    """Count an application from a network address; from an unknown one ("") nothing is counted.

    Raises:
        TooManyApplications: see there; this one is not counted.
    """
    if not sender:
        return
    key = hmac.digest(settings().secret_key.get_secret_value().encode(), sender.encode(), hashlib.sha256)
    async with transaction():
        await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"application {key.hex()}")
        await execute("DELETE FROM application_try WHERE tried_at <= $1", now() - COUNTED_FOR)
        row = await fetch_one("SELECT count(*) AS tries FROM application_try WHERE sender = $1", key)
        if row and row["tries"] >= TRIES:
            raise TooManyApplications
        await execute("INSERT INTO application_try (sender, tried_at) VALUES ($1, $2)", key, now())


async def apply_as_stranger(application: Application) -> None:
    """Make an account and its supplier. Nothing happens, and nothing is told, where the e-mail address has an account:
    it may be this form's second sending, or somebody else's address.
    """
    password_hash = await passwords.hashed(application.password)
    async with transaction():
        asked = application.asked
        account_id = await new_account(asked.contact_name, asked.email, password_hash)
        if account_id is not None:
            await _open(application, account_id)


async def apply_with_account(application: Application, account_id: int) -> None:
    """Make the shopper's account a supplier's, too; its orders and its cart stay. A second time nothing happens."""
    async with transaction():
        row = await fetch_one("SELECT supplier, role FROM account WHERE id = $1 FOR UPDATE", account_id)
        if row and row["supplier"] is None and row["role"] == Role.SHOPPER:
            await _open(application, account_id)


async def _open(application: Application, account_id: int) -> None:
    supplier_id = await _new_supplier(application)
    asked, place = application.asked, application.own_place
    await execute(
        """INSERT INTO supplier_application (supplier, legal_name, tax_country, tax_number, contact_name, email, phone,
                                             website, sells, ship_from_postcode, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)""",
        supplier_id,
        asked.legal_name,
        application.tax_country,
        application.tax_number,
        asked.contact_name,
        asked.email,
        asked.phone,
        asked.website,
        application.sells,
        place.mark if place else "",
        now(),
    )
    await execute("UPDATE account SET role = $2, supplier = $3 WHERE id = $1", account_id, Role.SUPPLIER, supplier_id)
    await suppliers.tell_of(supplier_id, SupplierState.APPLIED)


async def _new_supplier(application: Application) -> int:
    """Several businesses may have one name; an operator decides whether both are who they say."""
    warehouse = await _warehouse(application)
    slug = slug_of(application.asked.name)[:70]
    for free in (slug, f"{slug}-{secrets.token_hex(4)}"):
        row = await fetch_one(
            """INSERT INTO supplier (slug, name, place, about, currency, default_warehouse, state, created_at)
               SELECT $1, $2, coalesce(nullif($3, ''), place), '', $4, code, $6, $7 FROM warehouse WHERE code = $5
               ON CONFLICT (slug) DO NOTHING RETURNING id""",
            free,
            application.asked.name,
            application.own_place.name if application.own_place else "",
            application.currency,
            warehouse,
            SupplierState.APPLIED,
            now(),
        )
        if row:
            return int(row["id"])
    raise AssertionError("32 random bits are taken")


async def _warehouse(application: Application) -> str:
    """The chosen one; for a place of the business's own the one that is nearest by road, whose dates it gets."""
    if application.own_place is None:
        return application.warehouse
    row = await fetch_one(
        """SELECT w.code FROM lane l JOIN warehouse w ON w.id = l.warehouse JOIN zone z ON z.id = l.zone
           JOIN service_level s ON s.id = l.service_level
           WHERE z.code = $1 AND s.code = $2 ORDER BY l.transit_days, l.price_minor, w.id LIMIT 1""",
        application.own_place.zone,
        STANDARD,
    )
    return row["code"] if row else ""
