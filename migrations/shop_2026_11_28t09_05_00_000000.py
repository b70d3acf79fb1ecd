"""Addresses that have used a discount code, as they count: in small letters."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection

ID = "2026-11-28T09:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "mailboxes of discount codes"

STATEMENTS = "UPDATE discount_use SET email = lower(email) WHERE email <> lower(email);"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def change() -> None:
        await transaction_connection().execute(STATEMENTS)

    manager.add_raw(change)
    return manager
