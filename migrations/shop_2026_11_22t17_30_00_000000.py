"""Rules that the tables' columns cannot say: uniqueness over several columns, checks, and indexes."""

from app.infra.statements import migration

ID = "2026-11-22T17:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "constraints and indexes"

STATEMENTS = """
ALTER TABLE processed ADD CONSTRAINT processed_once UNIQUE (consumer, event_id);
CREATE INDEX outbox_waiting ON outbox (id) WHERE relayed_at IS NULL;

ALTER TABLE account ADD CONSTRAINT email_is_lower_case CHECK (email = lower(email));
CREATE INDEX session_account ON session (account);

CREATE UNIQUE INDEX product_owner_key ON product (owner, owner_key);
CREATE INDEX product_category ON product (category);
CREATE UNIQUE INDEX variant_gtin ON variant (gtin) WHERE gtin IS NOT NULL;
CREATE INDEX variant_product ON variant (product);
CREATE UNIQUE INDEX offer_supplier_sku ON offer (supplier, supplier_sku);
CREATE INDEX offer_variant ON offer (variant);
ALTER TABLE offer ADD CONSTRAINT price_is_positive CHECK (price_minor > 0);
ALTER TABLE applied_batch ADD CONSTRAINT applied_once UNIQUE (feed, number);
ALTER TABLE seen_sku ADD CONSTRAINT seen_once UNIQUE (feed, supplier_sku);

ALTER TABLE stock ADD CONSTRAINT stock_once UNIQUE (offer, warehouse);
ALTER TABLE stock ADD CONSTRAINT never_oversold CHECK (reserved >= 0 AND reserved <= on_hand);
ALTER TABLE reservation ADD CONSTRAINT reserves_something CHECK (quantity > 0);
CREATE INDEX reservation_held ON reservation (expires_at) WHERE state = 'held';
CREATE INDEX reservation_stock ON reservation (stock);

ALTER TABLE lane ADD CONSTRAINT lane_once UNIQUE (warehouse, zone, service_level);

ALTER TABLE cart ADD CONSTRAINT cart_has_one_owner CHECK (num_nonnulls(account, visitor) = 1);
ALTER TABLE cart_line ADD CONSTRAINT line_once UNIQUE (cart, offer);
ALTER TABLE cart_line ADD CONSTRAINT line_quantity CHECK (quantity BETWEEN 1 AND 99);

CREATE INDEX shop_order_account ON shop_order (account, id DESC);
ALTER TABLE shop_order ADD CONSTRAINT total_adds_up CHECK (total_minor = items_minor + delivery_minor);
CREATE UNIQUE INDEX parcel_number ON parcel ("order", number);
CREATE INDEX order_line_parcel ON order_line (parcel);
ALTER TABLE order_line ADD CONSTRAINT order_line_quantity CHECK (quantity > 0);
CREATE INDEX order_move_order ON order_move ("order");

ALTER TABLE webhook_event ADD CONSTRAINT webhook_once UNIQUE (provider, event);
CREATE UNIQUE INDEX one_successful_charge ON payment_attempt ("order") WHERE state = 'succeeded';
ALTER TABLE payment_attempt ADD CONSTRAINT amount_is_positive CHECK (amount_minor > 0);
CREATE INDEX sandbox_webhook_waiting ON sandbox_webhook (next_at) WHERE delivered_at IS NULL;

CREATE INDEX feed_supplier ON feed (supplier, id DESC);
CREATE INDEX feed_in_work ON feed (id) WHERE state IN ('waiting', 'reading', 'applying');
CREATE INDEX feed_problem_feed ON feed_problem (feed, id);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
