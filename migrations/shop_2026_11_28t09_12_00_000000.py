"""What operators have written about money that banks took back."""

from app.infra.statements import migration

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

forwards = migration(ID, DESCRIPTION, STATEMENTS)
