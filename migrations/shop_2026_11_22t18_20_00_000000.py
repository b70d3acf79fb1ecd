"""At most one attempt of an order is open or successful; and indexes for the sweeps over unpaid orders and open attempts."""

from app.infra.statements import migration

ID = "2026-11-22T18:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "one open attempt"

STATEMENTS = """
CREATE UNIQUE INDEX one_open_attempt ON payment_attempt ("order") WHERE state IN ('created', 'pending', 'succeeded');
CREATE INDEX payment_attempt_unsettled ON payment_attempt (created_at) WHERE state IN ('created', 'pending', 'refunding');
CREATE INDEX shop_order_unpaid ON shop_order (reserved_until) WHERE state = 'pending';
CREATE INDEX shop_order_guest ON shop_order (visitor, id DESC) WHERE account IS NULL;
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
