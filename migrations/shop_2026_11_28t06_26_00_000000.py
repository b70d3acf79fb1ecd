"""Discount codes, and what an order got by one."""

from app.infra.statements import migration

ID = "2026-11-28T06:26:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "discount codes"

STATEMENTS = """
CREATE TABLE discount_code (
    id BIGSERIAL PRIMARY KEY,
    code VARCHAR(30) NOT NULL UNIQUE CHECK (code = upper(code) AND code <> ''),
    kind VARCHAR(14) NOT NULL,
    amount_minor INTEGER,
    percent NUMERIC(4,2),
    minimum_minor BIGINT NOT NULL DEFAULT 0 CHECK (minimum_minor >= 0),
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ CHECK (ends_at > starts_at),
    most_uses INTEGER CHECK (most_uses > 0),
    most_per_shopper INTEGER CHECK (most_per_shopper > 0),
    used INTEGER NOT NULL DEFAULT 0 CHECK (used >= 0),
    made_by BIGINT REFERENCES account(id) ON DELETE SET NULL,
    made_at TIMESTAMPTZ NOT NULL,
    stopped_at TIMESTAMPTZ,
    CONSTRAINT gives_something CHECK (CASE kind
        WHEN 'amount' THEN amount_minor > 0 AND percent IS NULL
        WHEN 'percent' THEN percent > 0 AND amount_minor IS NULL
        WHEN 'free_delivery' THEN amount_minor IS NULL AND percent IS NULL
        ELSE false END),
    CONSTRAINT not_used_too_often CHECK (most_uses IS NULL OR used <= most_uses)
);
CREATE TABLE discount_use (
    id BIGSERIAL PRIMARY KEY,
    discount BIGINT NOT NULL REFERENCES discount_code(id) ON DELETE RESTRICT,
    "order" BIGINT NOT NULL UNIQUE,
    account BIGINT,
    email VARCHAR(254) NOT NULL,
    off_minor BIGINT NOT NULL CHECK (off_minor >= 0),
    used_at TIMESTAMPTZ NOT NULL,
    given_back_at TIMESTAMPTZ
);
CREATE INDEX discount_use_email ON discount_use (discount, email) WHERE given_back_at IS NULL;
CREATE INDEX discount_use_account ON discount_use (discount, account) WHERE given_back_at IS NULL;

ALTER TABLE checkout ADD COLUMN discount_code VARCHAR(30) NOT NULL DEFAULT '';
ALTER TABLE shop_order ADD COLUMN discount_minor BIGINT NOT NULL DEFAULT 0 CHECK (discount_minor >= 0);
ALTER TABLE shop_order ADD COLUMN discount_code VARCHAR(30) NOT NULL DEFAULT '';
ALTER TABLE shop_order DROP CONSTRAINT total_adds_up;
ALTER TABLE shop_order ADD CONSTRAINT total_adds_up CHECK (total_minor = items_minor + delivery_minor - discount_minor);
ALTER TABLE order_line ADD COLUMN discount_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE order_line ADD CONSTRAINT discount_is_part_of_the_price
    CHECK (discount_minor >= 0 AND discount_minor <= quantity::bigint * unit_price_minor);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
