"""When somebody wanted all to be forgotten that was kept of them."""

from app.infra.statements import migration

ID = "2026-11-28T06:33:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "activity forgotten"

STATEMENTS = "ALTER TABLE personal_choice ADD COLUMN forgot_at TIMESTAMPTZ"

forwards = migration(ID, DESCRIPTION, STATEMENTS)
