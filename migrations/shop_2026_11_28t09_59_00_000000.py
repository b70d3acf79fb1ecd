"""Whether an order was placed at prices without VAT."""

from app.infra.statements import migration

ID = "2026-11-28T09:59:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "orders at net prices"

STATEMENTS = """
ALTER TABLE shop_order ADD COLUMN is_net BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE shop_order DROP CONSTRAINT total_adds_up;
ALTER TABLE shop_order ADD CONSTRAINT total_adds_up CHECK (
    total_minor = items_minor + delivery_minor - discount_minor + CASE WHEN is_net THEN vat_minor ELSE 0 END);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
