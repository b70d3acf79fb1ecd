"""Lines that are set aside, what shoppers were told of a line, and visitors that have become an account's."""

from app.infra.statements import migration

ID = "2026-11-28T07:04:37:000000"
VERSION = "1.38.0"
DESCRIPTION = "lines set aside, notices told, visitors joined"

STATEMENTS = """
ALTER TABLE cart_line ADD COLUMN told_price_minor INTEGER;
ALTER TABLE cart_line ADD COLUMN told_stock INTEGER;
ALTER TABLE cart_line ADD COLUMN wanted INTEGER;
ALTER TABLE cart_line ADD CONSTRAINT cart_line_in_bounds CHECK (quantity BETWEEN 1 AND 99) NOT VALID;
CREATE TABLE aside_line (
    id BIGSERIAL PRIMARY KEY,
    cart BIGINT NOT NULL REFERENCES cart ON DELETE CASCADE,
    offer BIGINT NOT NULL REFERENCES offer ON DELETE CASCADE,
    kind VARCHAR(7) NOT NULL CHECK (kind IN ('saved', 'removed')),
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 9999),
    added_price_minor INTEGER NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    moved_at TIMESTAMPTZ NOT NULL,
    UNIQUE (cart, offer, kind)
);
CREATE TABLE joined_visitor (
    visitor BYTEA PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
    joined_at TIMESTAMPTZ NOT NULL
);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
