"""How often a capture, release or refund was sent in vain, and since when it waits for a person."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection

ID = "2026-11-28T15:34:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "requests of money that nobody takes"

STATEMENTS = """
ALTER TABLE money_request
    ADD COLUMN silent_tries INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN silence VARCHAR(400) NOT NULL DEFAULT '',
    ADD COLUMN given_up_at TIMESTAMPTZ;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def change() -> None:
        await transaction_connection().execute(STATEMENTS)

    manager.add_raw(change)
    return manager
