"""What a person decides about a dead letter; and the prices that offers have had."""

from app.infra.statements import migration

ID = "2026-11-22T20:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "dead letters are settled; the history of prices"

STATEMENTS = """
ALTER TABLE dead_letter ADD COLUMN discarded_at timestamptz, ADD COLUMN note text NOT NULL DEFAULT '';
CREATE INDEX dead_letter_event ON dead_letter (event_id, consumer);

CREATE TABLE price_history (
  id bigserial PRIMARY KEY,
  offer bigint NOT NULL,
  price_minor integer NOT NULL,
  prior_minor integer,
  since timestamptz NOT NULL,
  until timestamptz
);
CREATE UNIQUE INDEX price_history_now ON price_history (offer) WHERE until IS NULL;
CREATE INDEX price_history_past ON price_history (offer, until) WHERE until IS NOT NULL;
CREATE INDEX price_history_drops ON price_history (((prior_minor - price_minor)::float8 / prior_minor) DESC)
  WHERE until IS NULL AND prior_minor > price_minor;

-- what has been on sale so far: when it got its price is known, what it cost before is not
INSERT INTO price_history (offer, price_minor, since)
SELECT id, price_minor, updated_at FROM offer WHERE withdrawn_at IS NULL;
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
