"""Parcels have states of their own, shipments are followed, and the simulated carrier keeps its own records."""

from app.infra.statements import migration

ID = "2026-11-28T05:52:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "states of parcels, shipments, tracking"

STATEMENTS = """
ALTER TABLE parcel ADD COLUMN state VARCHAR(9) NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'packed', 'shipped', 'delivered', 'cancelled'));
UPDATE parcel SET state = CASE o.state WHEN 'packed' THEN 'packed' WHEN 'shipped' THEN 'shipped'
        WHEN 'cancelled' THEN 'cancelled' ELSE 'delivered' END
    FROM shop_order o WHERE o.id = parcel."order"
      AND o.state IN ('packed', 'shipped', 'delivered', 'returned', 'cancelled');
CREATE TABLE parcel_move (
    id BIGSERIAL PRIMARY KEY,
    parcel BIGINT NOT NULL REFERENCES parcel ON DELETE RESTRICT,
    from_state VARCHAR(9) NOT NULL,
    to_state VARCHAR(9) NOT NULL,
    actor VARCHAR(40) NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    moved_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX parcel_move_parcel ON parcel_move (parcel);
CREATE TABLE shipment (
    id BIGSERIAL PRIMARY KEY,
    parcel BIGINT NOT NULL UNIQUE REFERENCES parcel ON DELETE RESTRICT,
    carrier VARCHAR(20) NOT NULL,
    tracking_code VARCHAR(60) NOT NULL,
    is_hurried BOOLEAN NOT NULL DEFAULT FALSE,
    handed_over_at TIMESTAMPTZ NOT NULL,
    expected_on DATE,
    delivered_at TIMESTAMPTZ,
    asked_at TIMESTAMPTZ
);
CREATE INDEX shipment_under_way ON shipment (asked_at NULLS FIRST, id) WHERE delivered_at IS NULL;
CREATE TABLE tracking_event (
    id BIGSERIAL PRIMARY KEY,
    shipment BIGINT NOT NULL REFERENCES shipment ON DELETE RESTRICT,
    event VARCHAR(40) NOT NULL,
    kind VARCHAR(16) NOT NULL,
    place VARCHAR(80) NOT NULL DEFAULT '',
    at TIMESTAMPTZ NOT NULL,
    UNIQUE (shipment, event)
);
CREATE TABLE simulated_shipment (
    id BIGSERIAL PRIMARY KEY,
    reference VARCHAR(60) NOT NULL UNIQUE,
    code VARCHAR(20) NOT NULL UNIQUE,
    accepted_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE simulated_scan (
    id BIGSERIAL PRIMARY KEY,
    shipment BIGINT NOT NULL REFERENCES simulated_shipment ON DELETE CASCADE,
    number SMALLINT NOT NULL,
    kind VARCHAR(16) NOT NULL,
    place VARCHAR(80) NOT NULL,
    expected_on DATE,
    due_at TIMESTAMPTZ NOT NULL,
    UNIQUE (shipment, number)
);
CREATE INDEX shop_order_to_send ON shop_order (paid_at) WHERE state IN ('paid', 'packed', 'shipped');
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
