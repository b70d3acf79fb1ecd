"""Money that goes in parts: what is held, taken, let go and sent back of every attempt, and each wish of the shop a row.

The ledger is append-only from here on.
"""

from app.infra.statements import migration

ID = "2026-11-28T06:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "captures and refunds in parts"

STATEMENTS = """
ALTER TABLE payment_attempt
  ADD COLUMN authorised_minor BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN captured_minor BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN released_minor BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN returned_minor BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN takes_parts BOOLEAN NOT NULL DEFAULT true,
  ADD COLUMN held_until TIMESTAMPTZ NULL;
UPDATE payment_attempt SET authorised_minor = amount_minor, captured_minor = amount_minor,
    returned_minor = CASE WHEN state = 'succeeded' THEN 0 ELSE amount_minor END
  WHERE state IN ('succeeded', 'refunding', 'refunded');
ALTER TABLE payment_attempt
  ADD CONSTRAINT never_more_than_authorised CHECK (captured_minor >= 0 AND released_minor >= 0
    AND captured_minor + released_minor <= authorised_minor AND authorised_minor <= amount_minor),
  ADD CONSTRAINT never_more_back_than_came CHECK (returned_minor >= 0 AND returned_minor <= captured_minor);

DROP INDEX one_open_attempt;
DROP INDEX one_successful_charge;
CREATE UNIQUE INDEX one_open_attempt ON payment_attempt ("order")
  WHERE state IN ('created', 'pending', 'authorised', 'succeeded');
CREATE UNIQUE INDEX one_successful_charge ON payment_attempt ("order") WHERE state IN ('authorised', 'succeeded');
CREATE INDEX payment_attempt_held ON payment_attempt (held_until) WHERE state = 'authorised';

CREATE TABLE money_request (
    id BIGSERIAL PRIMARY KEY,
    attempt BIGINT NOT NULL REFERENCES payment_attempt (id) ON DELETE RESTRICT,
    "order" BIGINT NOT NULL,
    kind VARCHAR(8) NOT NULL CHECK (kind IN ('capture', 'release', 'refund')),
    key VARCHAR(120) NOT NULL UNIQUE,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    currency VARCHAR(3) NOT NULL,
    reason VARCHAR(200) NOT NULL,
    state VARCHAR(6) NOT NULL CHECK (state IN ('asked', 'sent', 'done', 'failed')),
    provider_reference VARCHAR(120) NULL,
    failure VARCHAR(200) NOT NULL DEFAULT '',
    tries INTEGER NOT NULL DEFAULT 0,
    next_at TIMESTAMPTZ NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    settled_at TIMESTAMPTZ NULL
);
CREATE INDEX money_request_due ON money_request (next_at) WHERE state IN ('asked', 'sent');
CREATE INDEX money_request_attempt ON money_request (attempt);
CREATE INDEX money_request_order ON money_request ("order");
CREATE UNIQUE INDEX money_request_reference ON money_request (provider_reference) WHERE kind = 'refund';
INSERT INTO money_request
    (attempt, "order", kind, key, amount_minor, currency, reason, state, next_at, asked_at, settled_at)
  SELECT id, "order", 'refund', key || '-refund', amount_minor, currency, 'the payment came too late',
         CASE state WHEN 'refunded' THEN 'done' ELSE 'asked' END, now(), coalesce(settled_at, now()),
         CASE state WHEN 'refunded' THEN now() END
  FROM payment_attempt WHERE state IN ('refunding', 'refunded');

ALTER TABLE ledger_entry DROP CONSTRAINT money_moves_once;
ALTER TABLE ledger_entry ADD COLUMN key VARCHAR(120) NOT NULL DEFAULT '', ALTER COLUMN kind TYPE VARCHAR(15);
UPDATE ledger_entry SET key = attempt.key || CASE ledger_entry.kind WHEN 'refund' THEN '-refund' ELSE '' END
  FROM payment_attempt attempt WHERE attempt.id = ledger_entry.attempt;
ALTER TABLE ledger_entry ADD CONSTRAINT money_moves_once UNIQUE (attempt, kind, key),
  ADD CONSTRAINT known_movement
    CHECK (kind IN ('authorisation', 'capture', 'release', 'refund', 'refund_returned', 'chargeback')),
  ADD CONSTRAINT sign_says_which_way CHECK ((amount_minor > 0) = (kind NOT IN ('release', 'refund', 'chargeback')));
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'entries of % are never changed; write another one', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE sandbox_payment
  ADD COLUMN manual_capture BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN captured_minor BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN released_minor BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN refunded_minor BIGINT NOT NULL DEFAULT 0;
UPDATE sandbox_payment SET captured_minor = amount_minor, state = 'approved',
    refunded_minor = CASE state WHEN 'refunded' THEN amount_minor ELSE 0 END WHERE state IN ('approved', 'refunded');
ALTER TABLE sandbox_payment ADD CONSTRAINT sandbox_sums CHECK (captured_minor + released_minor <= amount_minor
  AND refunded_minor <= captured_minor AND captured_minor >= 0 AND released_minor >= 0 AND refunded_minor >= 0);
CREATE TABLE sandbox_movement (
    id BIGSERIAL PRIMARY KEY,
    reference VARCHAR(60) NOT NULL UNIQUE,
    payment BIGINT NOT NULL REFERENCES sandbox_payment (id) ON DELETE RESTRICT,
    kind VARCHAR(8) NOT NULL,
    key VARCHAR(120) NOT NULL UNIQUE,
    amount_minor BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
