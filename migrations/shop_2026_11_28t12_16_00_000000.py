"""Returns that were agreed and never arrived are closed."""

from app.infra.statements import migration

ID = "2026-11-28T12:16:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "closed returns"

STATEMENTS = """
ALTER TABLE order_return DROP CONSTRAINT order_return_state_check;
ALTER TABLE order_return ADD CONSTRAINT order_return_state_check
    CHECK (state IN ('requested', 'approved', 'refused', 'closed', 'received', 'refunded'));
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
