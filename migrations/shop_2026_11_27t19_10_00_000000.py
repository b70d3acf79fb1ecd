"""Zones have days of delivery, peaks have surcharge days, and operators' changes to delivery are kept."""

from app.infra.statements import migration

ID = "2026-11-27T19:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "delivery days, surcharge days and changes to delivery"

STATEMENTS = """
ALTER TABLE zone ADD COLUMN delivery_days SMALLINT[] NOT NULL DEFAULT '{0,1,2,3,4}';
CREATE TABLE surcharge (
    id BIGSERIAL PRIMARY KEY,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    warehouse BIGINT REFERENCES warehouse ON DELETE CASCADE,
    zone BIGINT REFERENCES zone ON DELETE CASCADE,
    extra_days SMALLINT NOT NULL CHECK (extra_days BETWEEN 1 AND 60),
    reason VARCHAR(80) NOT NULL,
    CHECK (first_day <= last_day)
);
CREATE TABLE delivery_change (
    id BIGSERIAL PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES account ON DELETE RESTRICT,
    subject VARCHAR(120) NOT NULL,
    before VARCHAR(2000) NOT NULL DEFAULT '',
    after VARCHAR(2000) NOT NULL DEFAULT '',
    changed_at TIMESTAMPTZ NOT NULL
);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
