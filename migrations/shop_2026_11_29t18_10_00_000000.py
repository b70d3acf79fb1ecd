"""What refers to an account locks it when its transaction commits: after carts and wishlists, as a deletion does."""

from app.infra.statements import migration

ID = "2026-11-29T18:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "accounts are locked last"

STATEMENTS = """
ALTER TABLE joined_visitor ALTER CONSTRAINT joined_visitor_account_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE cart ALTER CONSTRAINT cart_account_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE wishlist ALTER CONSTRAINT wishlist_account_fkey DEFERRABLE INITIALLY DEFERRED;
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
