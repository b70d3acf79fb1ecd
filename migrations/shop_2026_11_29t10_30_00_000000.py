"""Places abroad: the postcode of a supplier's own one is marked with its country, and cities keep holidays, too."""

from app.infra.statements import migration

ID = "2026-11-29T10:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "own places of suppliers abroad, holidays of cities"

STATEMENTS = """
ALTER TABLE supplier_application ALTER COLUMN ship_from_postcode TYPE VARCHAR(16);
ALTER TABLE warehouse ALTER COLUMN holiday_subdivision TYPE VARCHAR(20);
ALTER TABLE zone ALTER COLUMN holiday_subdivision TYPE VARCHAR(20);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
