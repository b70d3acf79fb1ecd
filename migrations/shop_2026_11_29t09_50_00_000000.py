"""What operators change about exchange rates is kept."""

from app.infra.statements import migration

ID = "2026-11-29T09:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "changes to exchange rates"

STATEMENTS = """
CREATE TABLE exchange_rate_change (
    id BIGSERIAL PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES account ON DELETE RESTRICT,
    currency VARCHAR(3) NOT NULL,
    before NUMERIC(18, 8),
    after NUMERIC(18, 8),
    changed_at TIMESTAMPTZ NOT NULL,
    CHECK (before IS NOT NULL OR after IS NOT NULL)
);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
