"""When somebody wanted all to be forgotten that was kept of them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection

ID = "2026-11-28T06:33:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "activity forgotten"

STATEMENTS = "ALTER TABLE personal_choice ADD COLUMN forgot_at TIMESTAMPTZ"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def change() -> None:
        await transaction_connection().execute(STATEMENTS)

    manager.add_raw(change)
    return manager
