"""How often a capture, release or refund was sent in vain, and since when it waits for a person."""

from app.infra.statements import migration

ID = "2026-11-28T15:34:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "requests of money that nobody takes"

STATEMENTS = """
ALTER TABLE money_request
    ADD COLUMN silent_tries INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN silence VARCHAR(400) NOT NULL DEFAULT '',
    ADD COLUMN given_up_at TIMESTAMPTZ;
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
