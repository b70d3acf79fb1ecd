"""Wrong passwords are counted by the browsers in which they were typed."""

from app.infra.statements import migration

ID = "2026-11-29T10:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "browsers of wrong passwords"

STATEMENTS = """
ALTER TABLE sign_in_failure ADD COLUMN browser VARCHAR(40) NOT NULL DEFAULT '';
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
