"""A feed counts the rows that its supplier leaves out, and the withdrawals that wait for a confirmation."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection

ID = "2026-11-22T18:07:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "feed: left_out, withheld"

STATEMENTS = """
ALTER TABLE feed ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0, ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0;
CREATE INDEX offer_on_sale ON offer (supplier) WHERE withdrawn_at IS NULL;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def alter() -> None:
        await transaction_connection().execute(STATEMENTS)

    manager.add_raw(alter)
    return manager
