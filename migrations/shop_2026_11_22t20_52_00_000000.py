"""Pictures that suppliers link to."""

from app.infra.statements import migration

ID = "2026-11-22T20:52:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "pictures of suppliers"

STATEMENTS = """
CREATE TABLE picture (
  key varchar(32) PRIMARY KEY,
  url varchar(2100) NOT NULL,
  supplier bigint NOT NULL REFERENCES supplier ON DELETE RESTRICT,
  state varchar(10) NOT NULL DEFAULT 'waiting' CONSTRAINT known_state CHECK (state IN ('waiting', 'ready', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  etag varchar(500) NOT NULL DEFAULT '',
  last_modified varchar(100) NOT NULL DEFAULT '',
  width integer,
  height integer,
  bytes bigint,
  reason varchar(500) NOT NULL DEFAULT '',
  wanted_at timestamptz NOT NULL,
  fetched_at timestamptz
);
CREATE INDEX picture_due ON picture (supplier, state, next_attempt_at);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
