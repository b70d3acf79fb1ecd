"""Pictures that batches want, on their way into the table of pictures."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection

ID = "2026-11-22T21:15:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "wishes for pictures"

STATEMENTS = """
CREATE TABLE picture_wish (
  id bigserial PRIMARY KEY,
  supplier bigint NOT NULL,
  links text[] NOT NULL,
  wished_at timestamptz NOT NULL
);
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def create() -> None:
        await transaction_connection().execute(STATEMENTS)

    manager.add_raw(create)
    return manager
