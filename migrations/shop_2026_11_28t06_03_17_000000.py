"""Mails to be sent."""

from app.infra.statements import migration

ID = "2026-11-28T06:03:17:000000"
VERSION = "1.38.0"
DESCRIPTION = "mails"

STATEMENTS = """
CREATE TABLE mail (
    id BIGSERIAL PRIMARY KEY,
    event_id UUID NOT NULL,
    kind VARCHAR(40) NOT NULL,
    recipient VARCHAR(254) NOT NULL,
    subject VARCHAR(200) NOT NULL,
    html TEXT NOT NULL,
    text TEXT NOT NULL,
    sealed TEXT NOT NULL DEFAULT '',
    unsubscribe VARCHAR(500) NOT NULL DEFAULT '',
    message_id VARCHAR(200) NOT NULL UNIQUE,
    state VARCHAR(8) NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
    tries INTEGER NOT NULL DEFAULT 0,
    next_at TIMESTAMPTZ NOT NULL,
    give_up_at TIMESTAMPTZ NOT NULL,
    reason VARCHAR(500) NOT NULL DEFAULT '',
    created_at TIMESTAMPTZ NOT NULL,
    sent_at TIMESTAMPTZ,
    UNIQUE (event_id, kind, recipient)
);
CREATE INDEX mail_due ON mail (next_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX mail_of_state ON mail (state, id);
CREATE INDEX mail_created ON mail (created_at);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
