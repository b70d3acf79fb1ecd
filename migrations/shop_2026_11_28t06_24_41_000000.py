"""Wishlists that tell of things which are back, or cost less."""

from app.infra.statements import migration

ID = "2026-11-28T06:24:41:000000"
VERSION = "1.38.0"
DESCRIPTION = "wishlists that tell"

STATEMENTS = """
ALTER TABLE wishlist ADD COLUMN tells BOOLEAN NOT NULL DEFAULT false;
CREATE TABLE wish_watch (
    entry BIGINT PRIMARY KEY REFERENCES wishlist_entry ON DELETE CASCADE,
    out_since TIMESTAMPTZ,
    told_back_at TIMESTAMPTZ,
    told_price_minor INTEGER NOT NULL,
    told_price_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE wish_digest (
    id BIGSERIAL PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
    day DATE NOT NULL,
    UNIQUE (account, day)
);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
