"""Returns that were agreed and never arrived are closed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection

ID = "2026-11-28T12:16:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "closed returns"

STATEMENTS = """
ALTER TABLE order_return DROP CONSTRAINT order_return_state_check;
ALTER TABLE order_return ADD CONSTRAINT order_return_state_check
    CHECK (state IN ('requested', 'approved', 'refused', 'closed', 'received', 'refunded'));
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def change() -> None:
        await transaction_connection().execute(STATEMENTS)

    manager.add_raw(change)
    return manager
