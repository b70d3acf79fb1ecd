"""A feed counts the rows that its supplier leaves out, and the withdrawals that wait for a confirmation."""

from app.infra.statements import migration

ID = "2026-11-22T18:07:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "feed: left_out, withheld"

STATEMENTS = """
ALTER TABLE feed ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0, ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0;
CREATE INDEX offer_on_sale ON offer (supplier) WHERE withdrawn_at IS NULL;
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
