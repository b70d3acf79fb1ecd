"""A supplier's offers on sale in the order of their ids, to go through a million of them page by page."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection

ID = "2026-11-22T22:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "offers on sale by id"

STATEMENTS = """
DROP INDEX offer_on_sale;
CREATE INDEX offer_on_sale ON offer (supplier, id) WHERE withdrawn_at IS NULL;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def change() -> None:
        await transaction_connection().execute(STATEMENTS)

    manager.add_raw(change)
    return manager
