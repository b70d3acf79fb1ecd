"""Addresses that suppliers' feeds are fetched from, by the clock."""

from app.infra.statements import migration

ID = "2026-11-22T20:47:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "feed_source"

STATEMENTS = """
CREATE TABLE feed_source (
  id bigserial PRIMARY KEY,
  supplier bigint NOT NULL REFERENCES supplier ON DELETE RESTRICT,
  account bigint REFERENCES account ON DELETE RESTRICT,
  url text NOT NULL,
  every_hours integer NOT NULL CHECK (every_hours > 0),
  mode varchar(6) NOT NULL,
  username varchar(200) NOT NULL DEFAULT '',
  password varchar(200) NOT NULL DEFAULT '',
  state varchar(10) NOT NULL DEFAULT 'active' CONSTRAINT known_state CHECK (state IN ('active', 'paused', 'failing')),
  next_at timestamptz NOT NULL,
  afresh boolean NOT NULL DEFAULT true,
  turn integer NOT NULL DEFAULT 0,
  leased_until timestamptz,
  etag text NOT NULL DEFAULT '',
  last_modified text NOT NULL DEFAULT '',
  content_hash bytea,
  failures integer NOT NULL DEFAULT 0,
  fetched_at timestamptz,
  changed_at timestamptz,
  failure text NOT NULL DEFAULT '',
  last_feed bigint REFERENCES feed ON DELETE RESTRICT,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX feed_source_address ON feed_source (supplier, md5(url));
CREATE INDEX feed_source_due ON feed_source (next_at) WHERE state = 'active';
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
