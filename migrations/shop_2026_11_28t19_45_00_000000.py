"""What an operator says about money, of attempts and differences as well, with who that was."""

from app.infra.statements import migration

ID = "2026-11-28T19:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "notes about attempts and differences"

STATEMENTS = """
ALTER TABLE money_note
    DROP CONSTRAINT money_note_is_about_one_thing,
    ADD COLUMN attempt BIGINT UNIQUE REFERENCES payment_attempt ON DELETE RESTRICT,
    ADD COLUMN mismatch BIGINT UNIQUE REFERENCES payment_mismatch ON DELETE RESTRICT,
    ADD CONSTRAINT money_note_is_about_one_thing CHECK (num_nonnulls(entry, request, attempt, mismatch) = 1);
INSERT INTO money_note (mismatch, note, noted_at)
    SELECT id, note, settled_at FROM payment_mismatch
    WHERE settled_at IS NOT NULL AND note NOT IN ('', 'The books agree again.');
INSERT INTO money_note (attempt, note, noted_at)
    SELECT id, silence, settled_at FROM payment_attempt
    WHERE state = 'failed' AND given_up_at IS NOT NULL AND silence <> '' AND settled_at IS NOT NULL;
ALTER TABLE payment_mismatch DROP COLUMN note;
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
