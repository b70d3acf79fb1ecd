"""How much of a feed's file has been read, and since when."""

from app.infra.statements import migration

ID = "2026-11-22T21:32:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "progress of feeds"

STATEMENTS = """
ALTER TABLE feed
  ADD COLUMN bytes_read bigint NOT NULL DEFAULT 0,
  ADD COLUMN reading_at timestamptz;
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
