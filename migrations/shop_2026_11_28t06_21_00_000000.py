"""Lines that are cancelled, what goes back for them, and documents that are numbered without gaps."""

from app.infra.statements import migration

ID = "2026-11-28T06:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "cancelled and returned pieces, invoices, credit notes"

# An invoice and a credit note hold all that is printed on them, so that they never change.
STATEMENTS = """
ALTER TABLE order_line ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0);
ALTER TABLE order_line ADD COLUMN returned INTEGER NOT NULL DEFAULT 0 CHECK (returned >= 0);
ALTER TABLE order_line ADD CONSTRAINT no_more_than_was_bought CHECK (cancelled + returned <= quantity);
UPDATE order_line SET cancelled = quantity FROM parcel WHERE parcel.id = order_line.parcel AND parcel.state = 'cancelled';
CREATE TABLE document_number (
    series VARCHAR(8) NOT NULL,
    year SMALLINT NOT NULL,
    last INTEGER NOT NULL CHECK (last > 0),
    PRIMARY KEY (series, year)
);
CREATE TABLE invoice (
    id BIGSERIAL PRIMARY KEY,
    "order" BIGINT NOT NULL UNIQUE REFERENCES shop_order ON DELETE RESTRICT,
    number VARCHAR(20) NOT NULL UNIQUE,
    facts JSONB NOT NULL,
    issued_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE credit_note (
    id BIGSERIAL PRIMARY KEY,
    "order" BIGINT NOT NULL REFERENCES shop_order ON DELETE RESTRICT,
    number VARCHAR(20) NOT NULL UNIQUE,
    reason VARCHAR(10) NOT NULL CHECK (reason IN ('cancelled', 'returned')),
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    vat_minor BIGINT NOT NULL CHECK (vat_minor >= 0),
    facts JSONB NOT NULL,
    issued_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX credit_note_order ON credit_note ("order");
CREATE FUNCTION documents_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'documents are only added' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON invoice FOR EACH STATEMENT EXECUTE FUNCTION documents_stand();
CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON credit_note FOR EACH STATEMENT EXECUTE FUNCTION documents_stand();
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
