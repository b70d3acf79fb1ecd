"""Confirmed e-mail addresses, devices of sessions, counted tries, saved addresses, the account's postcode."""

from app.infra.statements import migration

ID = "2026-11-28T05:58:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "confirmed addresses, devices, saved addresses"

STATEMENTS = """
ALTER TABLE account
    ADD COLUMN email_confirmed_at TIMESTAMPTZ,
    ADD COLUMN new_email VARCHAR(254) NOT NULL DEFAULT '' CHECK (new_email = lower(new_email)),
    ADD COLUMN new_email_at TIMESTAMPTZ,
    ADD COLUMN postcode VARCHAR(12) NOT NULL DEFAULT '';
ALTER TABLE session
    ADD COLUMN device VARCHAR(60) NOT NULL DEFAULT '',
    ADD COLUMN seen_at TIMESTAMPTZ NOT NULL DEFAULT now();
CREATE TABLE account_try (
    id BIGSERIAL PRIMARY KEY,
    kind VARCHAR(20) NOT NULL,
    who BYTEA NOT NULL,
    tried_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX account_try_who ON account_try (kind, who, tried_at);
CREATE TABLE saved_address (
    id BIGSERIAL PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
    name VARCHAR(120) NOT NULL,
    phone VARCHAR(30) NOT NULL,
    line1 VARCHAR(200) NOT NULL,
    line2 VARCHAR(200) NOT NULL,
    postcode VARCHAR(12) NOT NULL,
    place VARCHAR(80) NOT NULL,
    is_default BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX saved_address_account ON saved_address (account);
CREATE UNIQUE INDEX saved_address_default ON saved_address (account) WHERE is_default;
CREATE INDEX shop_order_guest_email ON shop_order (lower(email)) WHERE account IS NULL;
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
