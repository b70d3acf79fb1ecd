"""Dry runs: feeds that only show what would change."""

from app.infra.statements import migration

ID = "2026-11-22T21:33:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "dry runs of feeds"

STATEMENTS = """
ALTER TABLE feed
  ADD COLUMN dry_run boolean NOT NULL DEFAULT false,
  ADD COLUMN would_add integer NOT NULL DEFAULT 0,
  ADD COLUMN would_change integer NOT NULL DEFAULT 0,
  ADD COLUMN would_withdraw integer NOT NULL DEFAULT 0,
  ADD COLUMN would_wait boolean NOT NULL DEFAULT false;
CREATE TABLE feed_change (
  id bigserial PRIMARY KEY,
  feed bigint NOT NULL REFERENCES feed ON DELETE RESTRICT,
  kind varchar(9) NOT NULL CONSTRAINT known_kind CHECK (kind IN ('added', 'changed', 'withdrawn')),
  sku varchar(100) NOT NULL,
  title varchar(300) NOT NULL,
  price_before bigint,
  currency_before varchar(3),
  price_after bigint,
  currency_after varchar(3),
  fields text[] NOT NULL DEFAULT '{}'
);
CREATE INDEX feed_change_feed ON feed_change (feed, id);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
