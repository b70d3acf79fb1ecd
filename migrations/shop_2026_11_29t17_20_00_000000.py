"""A picture knows since when no product shows it."""

from app.infra.statements import migration

ID = "2026-11-29T17:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "unused pictures"

forwards = migration(ID, DESCRIPTION, "ALTER TABLE picture ADD COLUMN unused_since TIMESTAMPTZ")
