"""How parcels travelled, and the transit times that are learned from it."""

from app.infra.statements import migration

ID = "2026-11-28T02:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "transit records and learned transit times"

STATEMENTS = """
CREATE TABLE transit_record (
    id BIGSERIAL PRIMARY KEY,
    reference VARCHAR(60) NOT NULL UNIQUE,
    warehouse BIGINT NOT NULL REFERENCES warehouse ON DELETE CASCADE,
    zone BIGINT NOT NULL REFERENCES zone ON DELETE CASCADE,
    service_level VARCHAR(20) NOT NULL,
    ordered_at TIMESTAMPTZ NOT NULL,
    ships_on DATE NOT NULL,
    promised_on DATE,
    handed_over_on DATE,
    delivered_on DATE,
    is_void BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX transit_record_ordered_at ON transit_record (ordered_at);
CREATE INDEX transit_record_promised_on ON transit_record (promised_on);
CREATE TABLE transit_time (
    id BIGSERIAL PRIMARY KEY,
    warehouse BIGINT NOT NULL REFERENCES warehouse ON DELETE CASCADE,
    zone BIGINT NOT NULL REFERENCES zone ON DELETE CASCADE,
    service_level VARCHAR(20) NOT NULL,
    point_days REAL CHECK (point_days >= 0),
    learned_days SMALLINT CHECK (learned_days BETWEEN 0 AND 60),
    parcels INTEGER NOT NULL DEFAULT 0,
    learned_at TIMESTAMPTZ,
    is_held BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (warehouse, zone, service_level)
);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
