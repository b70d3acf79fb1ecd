"""Passwords of feed sources are sealed; those that lay there as they were typed have to be stated anew."""

from app.infra.statements import migration

ID = "2026-11-22T21:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "sealed passwords of feed sources"

STATEMENTS = """
ALTER TABLE feed_source ALTER COLUMN password TYPE text;
UPDATE feed_source SET password = '' WHERE password <> '';
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
