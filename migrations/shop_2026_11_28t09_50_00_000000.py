"""What a supplier has told last of his stock, and sales by their moment."""

from app.infra.statements import migration

ID = "2026-11-28T09:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "counts of suppliers"

STATEMENTS = """
ALTER TABLE stock ADD COLUMN told INTEGER;
CREATE INDEX stock_movement_sales ON stock_movement (stock, moved_at) WHERE kind IN ('sold', 'returned');
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
