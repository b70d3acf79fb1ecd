"""Money of whole orders: 99 pieces of the dearest thing are more cents than 32 bits hold."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection

ID = "2026-11-22T18:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "sums of orders in 64 bits"

STATEMENTS = """
ALTER TABLE shop_order ALTER COLUMN items_minor TYPE bigint, ALTER COLUMN total_minor TYPE bigint,
  ALTER COLUMN vat_minor TYPE bigint;
ALTER TABLE payment_attempt ALTER COLUMN amount_minor TYPE bigint;
ALTER TABLE ledger_entry ALTER COLUMN amount_minor TYPE bigint;
ALTER TABLE sandbox_payment ALTER COLUMN amount_minor TYPE bigint;

ALTER TABLE ledger_entry ADD CONSTRAINT money_moves_once UNIQUE (attempt, kind);
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def widen() -> None:
        await transaction_connection().execute(STATEMENTS)

    manager.add_raw(widen)
    return manager
