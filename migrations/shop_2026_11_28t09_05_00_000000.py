"""Addresses that have used a discount code, as they count: in small letters."""

from app.infra.statements import migration

ID = "2026-11-28T09:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "mailboxes of discount codes"

STATEMENTS = "UPDATE discount_use SET email = lower(email) WHERE email <> lower(email);"

forwards = migration(ID, DESCRIPTION, STATEMENTS)
