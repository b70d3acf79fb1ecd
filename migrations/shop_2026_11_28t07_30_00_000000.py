"""Carts that are shared by their address."""

from app.infra.statements import migration

ID = "2026-11-28T07:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "shared carts"

STATEMENTS = """
CREATE TABLE shared_cart (
    id BIGSERIAL PRIMARY KEY,
    cart BIGINT NOT NULL REFERENCES cart ON DELETE CASCADE,
    token VARCHAR(40) NOT NULL UNIQUE,
    made_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX shared_cart_cart ON shared_cart (cart);
CREATE TABLE shared_line (
    id BIGSERIAL PRIMARY KEY,
    shared BIGINT NOT NULL REFERENCES shared_cart ON DELETE CASCADE,
    offer BIGINT NOT NULL REFERENCES offer,
    quantity INTEGER NOT NULL CHECK (quantity > 0)
);
CREATE INDEX shared_line_shared ON shared_line (shared);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
