"""How much of a feed's file has been read, and since when."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection

ID = "2026-11-22T21:32:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "progress of feeds"

STATEMENTS = """
ALTER TABLE feed
  ADD COLUMN bytes_read bigint NOT NULL DEFAULT 0,
  ADD COLUMN reading_at timestamptz;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def create() -> None:
        await transaction_connection().execute(STATEMENTS)

    manager.add_raw(create)
    return manager
