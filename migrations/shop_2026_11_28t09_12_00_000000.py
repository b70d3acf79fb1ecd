"""What operators have written about money that banks took back."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection

ID = "2026-11-28T09:12:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "notes about ledger entries"

STATEMENTS = """
CREATE TABLE ledger_note (
    id BIGSERIAL PRIMARY KEY,
    entry BIGINT NOT NULL UNIQUE REFERENCES ledger_entry ON DELETE RESTRICT,
    note VARCHAR(400) NOT NULL,
    noted_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX ledger_entry_by_banks ON ledger_entry (id)
    WHERE kind IN ('chargeback', 'chargeback_returned') OR (kind = 'release' AND key LIKE '%-lost');
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def change() -> None:
        await transaction_connection().execute(STATEMENTS)

    manager.add_raw(change)
    return manager
