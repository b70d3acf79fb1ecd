"""How often an attempt was asked about in vain, and since when it waits for a person."""

from app.infra.statements import migration

ID = "2026-11-28T12:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "attempts that nobody knows of"

STATEMENTS = """
ALTER TABLE payment_attempt
    ADD COLUMN silent_tries INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN silence VARCHAR(400) NOT NULL DEFAULT '',
    ADD COLUMN given_up_at TIMESTAMPTZ;
CREATE INDEX payment_attempt_given_up ON payment_attempt (given_up_at)
    WHERE given_up_at IS NOT NULL AND state IN ('created', 'pending');
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
