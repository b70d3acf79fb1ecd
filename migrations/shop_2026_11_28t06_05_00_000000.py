"""What shoppers do, as far as they let us keep it, and what they do not want to see."""

from app.infra.statements import migration

ID = "2026-11-28T06:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "activity"

STATEMENTS = """
CREATE TABLE activity (
    id BIGSERIAL PRIMARY KEY,
    account BIGINT REFERENCES account ON DELETE CASCADE,
    visitor BYTEA,
    kind VARCHAR(8) NOT NULL CHECK (kind IN ('viewed', 'searched', 'carted', 'uncarted', 'wished', 'unwished', 'bought')),
    product BIGINT,
    query VARCHAR(80) NOT NULL DEFAULT '',
    at TIMESTAMPTZ NOT NULL,
    CONSTRAINT somebodys CHECK ((account IS NULL) <> (visitor IS NULL))
);
CREATE INDEX activity_account ON activity (account, id) WHERE account IS NOT NULL;
CREATE INDEX activity_visitor ON activity (visitor, id) WHERE visitor IS NOT NULL;
CREATE INDEX activity_at ON activity (at);
CREATE TABLE product_interest (
    id BIGSERIAL PRIMARY KEY,
    day DATE NOT NULL,
    product BIGINT NOT NULL,
    viewed INTEGER NOT NULL DEFAULT 0,
    carted INTEGER NOT NULL DEFAULT 0,
    wished INTEGER NOT NULL DEFAULT 0,
    UNIQUE (day, product)
);
CREATE TABLE activity_count (
    id BIGSERIAL PRIMARY KEY,
    day DATE NOT NULL,
    kind VARCHAR(8) NOT NULL,
    times INTEGER NOT NULL DEFAULT 0,
    UNIQUE (day, kind)
);
CREATE TABLE personal_choice (
    id BIGSERIAL PRIMARY KEY,
    account BIGINT UNIQUE REFERENCES account ON DELETE CASCADE,
    visitor BYTEA UNIQUE,
    is_off BOOLEAN NOT NULL DEFAULT FALSE,
    hidden TEXT[] NOT NULL DEFAULT '{}',
    changed_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT somebodys CHECK ((account IS NULL) <> (visitor IS NULL))
);
CREATE TABLE shopper_interest (
    id BIGSERIAL PRIMARY KEY,
    account BIGINT UNIQUE REFERENCES account ON DELETE CASCADE,
    visitor BYTEA UNIQUE,
    viewed BIGINT[] NOT NULL DEFAULT '{}',
    liked BIGINT[] NOT NULL DEFAULT '{}',
    because BIGINT,
    categories TEXT[] NOT NULL DEFAULT '{}',
    learned_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT somebodys CHECK ((account IS NULL) <> (visitor IS NULL))
);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
