"""Whether an order was placed at prices without VAT."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection

ID = "2026-11-28T09:59:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "orders at net prices"

STATEMENTS = """
ALTER TABLE shop_order ADD COLUMN is_net BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE shop_order DROP CONSTRAINT total_adds_up;
ALTER TABLE shop_order ADD CONSTRAINT total_adds_up CHECK (
    total_minor = items_minor + delivery_minor - discount_minor + CASE WHEN is_net THEN vat_minor ELSE 0 END);
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def change() -> None:
        await transaction_connection().execute(STATEMENTS)

    manager.add_raw(change)
    return manager
