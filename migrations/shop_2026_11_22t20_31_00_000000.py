"""Suppliers apply and an operator decides; those that are there already are approved."""

from app.infra.statements import migration

ID = "2026-11-22T20:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "supplier: state; supplier_application, supplier_decision, application_try"

STATEMENTS = """
ALTER TABLE supplier ADD COLUMN state VARCHAR(10) NOT NULL DEFAULT 'approved'
  CONSTRAINT known_state CHECK (state IN ('applied', 'approved', 'declined', 'suspended'));
ALTER TABLE supplier ALTER COLUMN state SET DEFAULT 'applied';

CREATE TABLE supplier_application (
  id BIGSERIAL PRIMARY KEY,
  supplier BIGINT NOT NULL UNIQUE REFERENCES supplier ON DELETE RESTRICT,
  legal_name VARCHAR(160) NOT NULL,
  tax_country VARCHAR(2) NOT NULL,
  tax_number VARCHAR(30) NOT NULL,
  contact_name VARCHAR(120) NOT NULL,
  email VARCHAR(254) NOT NULL,
  phone VARCHAR(30) NOT NULL,
  website VARCHAR(200) NOT NULL DEFAULT '',
  sells VARCHAR(200)[] NOT NULL DEFAULT '{}',
  ship_from_postcode VARCHAR(12) NOT NULL DEFAULT '',
  created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX supplier_application_tax_number ON supplier_application (tax_number);

CREATE TABLE supplier_decision (
  id BIGSERIAL PRIMARY KEY,
  supplier BIGINT NOT NULL REFERENCES supplier ON DELETE RESTRICT,
  account BIGINT NOT NULL REFERENCES account ON DELETE RESTRICT,
  from_state VARCHAR(10) NOT NULL,
  to_state VARCHAR(10) NOT NULL,
  note VARCHAR(1000) NOT NULL DEFAULT '',
  decided_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX supplier_decision_supplier ON supplier_decision (supplier, id DESC);

CREATE TABLE application_try (
  id BIGSERIAL PRIMARY KEY,
  sender BYTEA NOT NULL,
  tried_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX application_try_sender ON application_try (sender, tried_at);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
