"""What a supplier has told last of his stock, and sales by their moment."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection

ID = "2026-11-28T09:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "counts of suppliers"

STATEMENTS = """
ALTER TABLE stock ADD COLUMN told INTEGER;
CREATE INDEX stock_movement_sales ON stock_movement (stock, moved_at) WHERE kind IN ('sold', 'returned');
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def change() -> None:
        await transaction_connection().execute(STATEMENTS)

    manager.add_raw(change)
    return manager
