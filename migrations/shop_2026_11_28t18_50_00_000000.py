"""What an operator says about money, of requests as well as of entries, and who that was."""

from app.infra.statements import migration

ID = "2026-11-28T18:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "notes about money"

STATEMENTS = """
ALTER TABLE ledger_note RENAME TO money_note;
ALTER SEQUENCE ledger_note_id_seq RENAME TO money_note_id_seq;
ALTER TABLE money_note
    ALTER COLUMN entry DROP NOT NULL,
    ADD COLUMN request BIGINT UNIQUE REFERENCES money_request ON DELETE RESTRICT,
    ADD COLUMN account BIGINT REFERENCES account ON DELETE RESTRICT,
    ADD CONSTRAINT money_note_is_about_one_thing CHECK (num_nonnulls(entry, request) = 1);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
