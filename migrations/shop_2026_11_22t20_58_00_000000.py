"""What suppliers' columns mean, told once; with which of it a feed is read; what kind of failure a feed ended with."""

from app.infra.statements import migration

ID = "2026-11-22T20:58:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "column_mapping"

STATEMENTS = """
CREATE TABLE column_mapping (
  id bigserial PRIMARY KEY,
  supplier bigint NOT NULL REFERENCES supplier ON DELETE RESTRICT,
  name varchar(200) NOT NULL CHECK (name <> ''),
  shown varchar(200) NOT NULL,
  field varchar(120) NOT NULL,
  told_at timestamptz NOT NULL,
  CONSTRAINT one_meaning_of_a_column UNIQUE (supplier, name)
);

ALTER TABLE feed ADD COLUMN mapping jsonb;
ALTER TABLE feed ADD COLUMN failure_kind varchar(10) NOT NULL DEFAULT '';
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
