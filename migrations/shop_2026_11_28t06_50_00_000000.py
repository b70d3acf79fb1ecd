"""Who sold what was reviewed, and what that seller answers."""

from app.infra.statements import migration

ID = "2026-11-28T06:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "answers to reviews"

STATEMENTS = """
ALTER TABLE review
    ADD COLUMN supplier BIGINT REFERENCES supplier,
    ADD COLUMN answer VARCHAR(1000) NOT NULL DEFAULT '',
    ADD COLUMN answered_at TIMESTAMPTZ;
CREATE INDEX review_supplier ON review (supplier, id) WHERE state = 'shown';

-- Of what was reviewed before: who sold the last order of it that its author has.
UPDATE review SET supplier = (
    SELECT p.supplier FROM shop_order o JOIN parcel p ON p."order" = o.id JOIN order_line l ON l.parcel = p.id
    JOIN offer f ON f.id = l.offer JOIN variant v ON v.id = f.variant
    WHERE v.product = review.product AND (o.account = review.account OR o.visitor = review.visitor)
      AND p.state <> 'cancelled' ORDER BY o.id DESC, l.id LIMIT 1);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
