"""Wishlists and their entries."""

from app.infra.statements import migration

ID = "2026-11-28T03:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "wishlists"

STATEMENTS = """
CREATE TABLE wishlist (
    id BIGSERIAL PRIMARY KEY,
    account BIGINT REFERENCES account ON DELETE CASCADE,
    visitor BYTEA,
    name VARCHAR(60) NOT NULL,
    is_main BOOLEAN NOT NULL DEFAULT FALSE,
    visibility VARCHAR(7) NOT NULL DEFAULT 'private' CHECK (visibility IN ('private', 'link', 'public')),
    token VARCHAR(32) NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    CHECK ((account IS NULL) <> (visitor IS NULL))
);
CREATE UNIQUE INDEX wishlist_main_of_account ON wishlist (account) WHERE is_main AND account IS NOT NULL;
CREATE UNIQUE INDEX wishlist_main_of_visitor ON wishlist (visitor) WHERE is_main AND visitor IS NOT NULL;
CREATE INDEX wishlist_account ON wishlist (account);
CREATE INDEX wishlist_visitor ON wishlist (visitor);
CREATE TABLE wishlist_entry (
    id BIGSERIAL PRIMARY KEY,
    wishlist BIGINT NOT NULL REFERENCES wishlist ON DELETE CASCADE,
    variant BIGINT NOT NULL REFERENCES variant ON DELETE CASCADE,
    position INTEGER NOT NULL,
    note VARCHAR(300) NOT NULL DEFAULT '',
    added_price_minor INTEGER NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    UNIQUE (wishlist, variant)
);
CREATE INDEX wishlist_entry_variant ON wishlist_entry (variant);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
