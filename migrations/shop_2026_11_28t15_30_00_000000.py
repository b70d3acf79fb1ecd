"""When the provider of an open attempt is to be asked what became of it."""

from app.infra.statements import migration

ID = "2026-11-28T15:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "attempts are asked about in turns"

STATEMENTS = """
ALTER TABLE payment_attempt ADD COLUMN ask_at TIMESTAMPTZ NOT NULL DEFAULT now();
CREATE INDEX payment_attempt_to_ask ON payment_attempt (ask_at)
    WHERE state IN ('created', 'pending') AND provider_reference IS NOT NULL AND given_up_at IS NULL;
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
