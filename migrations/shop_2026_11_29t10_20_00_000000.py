"""Operators bar products from the shop, and let them back."""

from app.infra.statements import migration

ID = "2026-11-29T10:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "barred products"

STATEMENTS = """
ALTER TABLE product ADD COLUMN barred_at TIMESTAMPTZ;
CREATE INDEX product_barred ON product (barred_at) WHERE barred_at IS NOT NULL;
CREATE TABLE product_decision (
    id BIGSERIAL PRIMARY KEY,
    product BIGINT NOT NULL REFERENCES product ON DELETE RESTRICT,
    account BIGINT NOT NULL REFERENCES account ON DELETE RESTRICT,
    is_barred BOOLEAN NOT NULL,
    reason VARCHAR(400) NOT NULL DEFAULT '',
    decided_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX product_decision_product ON product_decision (product, id);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
