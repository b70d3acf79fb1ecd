"""Large feeds: rows of batches beside their events, fingerprints of rows as sent, and what a full feed does not list."""

from app.infra.statements import migration

ID = "2026-11-22T20:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "large feeds"

STATEMENTS = """
ALTER TABLE offer ADD COLUMN fingerprint bigint;
ALTER TABLE feed ADD COLUMN unchanged integer NOT NULL DEFAULT 0;

CREATE TABLE offer_batch (id bigserial PRIMARY KEY, feed bigint NOT NULL, number integer NOT NULL, rows bytea NOT NULL);
CREATE UNIQUE INDEX offer_batch_once ON offer_batch (feed, number);
ALTER TABLE offer_batch ALTER COLUMN rows SET STORAGE EXTERNAL;

CREATE TABLE unlisted_offers (id bigserial PRIMARY KEY, feed bigint NOT NULL, offers bigint[] NOT NULL);
CREATE INDEX unlisted_offers_feed ON unlisted_offers (feed);
DROP TABLE seen_sku;
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
