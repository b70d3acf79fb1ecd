"""Suppliers' programs: their keys, feeds that are sent once, and feeds of one offer apart from the others."""

from app.infra.statements import migration

ID = "2026-11-22T20:53:41:000000"
VERSION = "1.38.0"
DESCRIPTION = "api_key; feed: idempotency_key"

STATEMENTS = """
CREATE TABLE api_key (
  id BIGSERIAL PRIMARY KEY,
  supplier BIGINT NOT NULL REFERENCES supplier ON DELETE RESTRICT,
  name VARCHAR(60) NOT NULL,
  prefix VARCHAR(8) NOT NULL,
  hash BYTEA NOT NULL UNIQUE,
  scopes VARCHAR(20)[] NOT NULL,
  created_by BIGINT NOT NULL REFERENCES account ON DELETE RESTRICT,
  created_at TIMESTAMPTZ NOT NULL,
  last_used_at TIMESTAMPTZ,
  revoked_at TIMESTAMPTZ
);
CREATE INDEX api_key_supplier ON api_key (supplier, id DESC);

ALTER TABLE feed ADD COLUMN idempotency_key VARCHAR(200);
CREATE UNIQUE INDEX feed_sent_once ON feed (supplier, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX feed_of_many ON feed (supplier, id DESC) WHERE format <> 'api';
CREATE INDEX feed_by_api ON feed (supplier, created_at) WHERE format = 'api';
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
