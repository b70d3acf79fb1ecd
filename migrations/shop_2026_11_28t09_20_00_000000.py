"""Addresses, zones and postcodes of more than one country; what there was lies in the shop's own."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection
from app.infra.settings import settings

ID = "2026-11-28T09:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "addresses by country"

STATEMENTS = """
ALTER TABLE zone ADD COLUMN country VARCHAR(2) NOT NULL DEFAULT '{home}';
ALTER TABLE postcode_area ALTER COLUMN prefix TYPE VARCHAR(16);
ALTER TABLE account ALTER COLUMN postcode TYPE VARCHAR(16);

ALTER TABLE saved_address ADD COLUMN district VARCHAR(80) NOT NULL DEFAULT '',
    ADD COLUMN region VARCHAR(80) NOT NULL DEFAULT '', ADD COLUMN country VARCHAR(2) NOT NULL DEFAULT '{home}';
ALTER TABLE checkout ADD COLUMN district VARCHAR(80) NOT NULL DEFAULT '',
    ADD COLUMN region VARCHAR(80) NOT NULL DEFAULT '', ADD COLUMN country VARCHAR(2) NOT NULL DEFAULT '{home}';
ALTER TABLE shop_order ADD COLUMN district VARCHAR(80) NOT NULL DEFAULT '',
    ADD COLUMN region VARCHAR(80) NOT NULL DEFAULT '', ADD COLUMN country VARCHAR(2) NOT NULL DEFAULT '{home}';
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def change() -> None:
        await transaction_connection().execute(STATEMENTS.format(home=settings().shop_country))

    manager.add_raw(change)
    return manager
