"""Public wishlists are found for the site map without reading all lists."""

from app.infra.statements import migration

ID = "2026-11-28T18:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "public wishlists by an index"

STATEMENTS = """
CREATE INDEX wishlist_public ON wishlist (id) WHERE visibility = 'public';
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
