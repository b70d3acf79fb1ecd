"""Offers that are off sale because their supplier is suspended."""

from app.infra.statements import migration

ID = "2026-11-28T09:24:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "offers of suspended suppliers"

STATEMENTS = """
ALTER TABLE offer ADD COLUMN is_suspended BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX offer_suspended ON offer (supplier, id) WHERE is_suspended;
INSERT INTO outbox (event_id, topic, key, payload, created_at)
  SELECT gen_random_uuid(), 'suppliers', id::text, jsonb_build_object('supplier', id, 'state', state), now()
  FROM supplier WHERE state = 'suspended';
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
