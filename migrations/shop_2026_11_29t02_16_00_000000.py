"""What a feed was judged by: the same bytes are no news only where they would be judged alike."""

from app.infra.statements import migration

ID = "2026-11-29T02:16:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what feeds were judged by"

STATEMENTS = """
ALTER TABLE feed ADD COLUMN judged_by BYTEA;
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
