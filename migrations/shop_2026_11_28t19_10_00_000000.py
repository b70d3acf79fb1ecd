"""A cart is found by one column, whoever it belongs to, so that PostgreSQL keeps the plans of statements about it."""

from app.infra.statements import migration

ID = "2026-11-28T19:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "owners of carts"

STATEMENTS = """
ALTER TABLE cart ADD COLUMN owner BYTEA GENERATED ALWAYS AS (coalesce(visitor, int8send(account))) STORED;
CREATE INDEX cart_owner ON cart (owner);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
