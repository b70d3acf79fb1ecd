"""Money of whole orders: 99 pieces of the dearest thing are more cents than 32 bits hold."""

from app.infra.statements import migration

ID = "2026-11-22T18:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "sums of orders in 64 bits"

STATEMENTS = """
ALTER TABLE shop_order ALTER COLUMN items_minor TYPE bigint, ALTER COLUMN total_minor TYPE bigint,
  ALTER COLUMN vat_minor TYPE bigint;
ALTER TABLE payment_attempt ALTER COLUMN amount_minor TYPE bigint;
ALTER TABLE ledger_entry ALTER COLUMN amount_minor TYPE bigint;
ALTER TABLE sandbox_payment ALTER COLUMN amount_minor TYPE bigint;

ALTER TABLE ledger_entry ADD CONSTRAINT money_moves_once UNIQUE (attempt, kind);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
