"""What daily reconciliation found, faults of the sandbox for drills, slow cards, and tries to open a payment page."""

from app.infra.statements import migration

ID = "2026-11-28T06:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "reconciliation and faults"

STATEMENTS = """
ALTER TABLE payment_attempt
  ADD COLUMN page_tries INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN page_tried_at TIMESTAMPTZ NULL,
  ADD COLUMN checking_since TIMESTAMPTZ NULL;

ALTER TABLE ledger_entry DROP CONSTRAINT known_movement, DROP CONSTRAINT sign_says_which_way,
  ALTER COLUMN kind TYPE VARCHAR(20);
ALTER TABLE ledger_entry
  ADD CONSTRAINT known_movement CHECK (kind IN ('authorisation', 'capture', 'release', 'refund', 'refund_returned',
    'chargeback', 'chargeback_returned')),
  ADD CONSTRAINT sign_says_which_way CHECK ((amount_minor > 0) = (kind NOT IN ('release', 'refund', 'chargeback')));

CREATE TABLE reconciliation (
    id BIGSERIAL PRIMARY KEY,
    provider VARCHAR(20) NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ NULL,
    payments INTEGER NOT NULL DEFAULT 0,
    failure VARCHAR(200) NOT NULL DEFAULT ''
);
CREATE TABLE payment_mismatch (
    id BIGSERIAL PRIMARY KEY,
    reconciliation BIGINT NOT NULL REFERENCES reconciliation (id) ON DELETE RESTRICT,
    kind VARCHAR(20) NOT NULL,
    "order" BIGINT NULL,
    attempt BIGINT NULL REFERENCES payment_attempt (id) ON DELETE RESTRICT,
    reference VARCHAR(120) NOT NULL,
    ours_minor BIGINT NOT NULL,
    theirs_minor BIGINT NOT NULL,
    done VARCHAR(200) NOT NULL,
    is_mended BOOLEAN NOT NULL,
    found_at TIMESTAMPTZ NOT NULL,
    settled_at TIMESTAMPTZ NULL,
    note VARCHAR(400) NOT NULL DEFAULT ''
);
CREATE INDEX payment_mismatch_waits ON payment_mismatch (id DESC) WHERE settled_at IS NULL;

ALTER TABLE sandbox_payment ADD COLUMN ready_at TIMESTAMPTZ NULL;
CREATE TABLE sandbox_fault (
    id BIGSERIAL PRIMARY KEY,
    name VARCHAR(20) NOT NULL UNIQUE,
    percent SMALLINT NOT NULL CHECK (percent BETWEEN 1 AND 100)
);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
