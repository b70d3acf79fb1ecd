"""Marks of consumers are found by their age, so that old ones go without all being read."""

from app.infra.statements import migration

ID = "2026-11-29T16:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "age of marks"

forwards = migration(ID, DESCRIPTION, "CREATE INDEX processed_at ON processed (processed_at)")
