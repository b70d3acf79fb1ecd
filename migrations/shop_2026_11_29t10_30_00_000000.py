"""A supplier's own place may lie abroad: its postcode is then marked with the country."""

from app.infra.statements import migration

ID = "2026-11-29T10:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "own places of suppliers abroad"

STATEMENTS = """
ALTER TABLE supplier_application ALTER COLUMN ship_from_postcode TYPE VARCHAR(16);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
