"""Categories that were joined to another one lead there."""

from app.infra.statements import migration

ID = "2026-11-29T11:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "paths of joined categories"

STATEMENTS = """
ALTER TABLE category ADD COLUMN was VARCHAR(200)[] NOT NULL DEFAULT '{}';
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
