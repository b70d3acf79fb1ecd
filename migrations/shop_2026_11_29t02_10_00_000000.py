"""What was written to an address of late is looked for before more is."""

from app.infra.statements import migration

ID = "2026-11-29T02:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "mails by recipient"

STATEMENTS = "CREATE INDEX mail_recipient ON mail (recipient, created_at);"

forwards = migration(ID, DESCRIPTION, STATEMENTS)
