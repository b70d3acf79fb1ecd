"""Passwords of feed sources are sealed; those that lay there as they were typed have to be stated anew."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection

ID = "2026-11-22T21:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "sealed passwords of feed sources"

STATEMENTS = """
ALTER TABLE feed_source ALTER COLUMN password TYPE text;
UPDATE feed_source SET password = '' WHERE password <> '';
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def create() -> None:
        await transaction_connection().execute(STATEMENTS)

    manager.add_raw(create)
    return manager
