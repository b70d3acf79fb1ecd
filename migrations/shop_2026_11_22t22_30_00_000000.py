"""A supplier's offers on sale in the order of their ids, to go through a million of them page by page."""

from app.infra.statements import migration

ID = "2026-11-22T22:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "offers on sale by id"

STATEMENTS = """
DROP INDEX offer_on_sale;
CREATE INDEX offer_on_sale ON offer (supplier, id) WHERE withdrawn_at IS NULL;
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
