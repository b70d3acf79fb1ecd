"""The lists of synonyms as operators edit them, and the proposals that they dismissed."""

from app.infra.statements import migration

ID = "2026-11-27T19:28:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "synonyms and dismissed proposals"

STATEMENTS = """
CREATE TABLE synonym_version (
    id BIGSERIAL PRIMARY KEY,
    language VARCHAR(8) NOT NULL,
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    account BIGINT REFERENCES account ON DELETE RESTRICT,
    edited_at TIMESTAMPTZ NOT NULL,
    UNIQUE (language, version)
);
CREATE TABLE synonym_dismissal (
    id BIGSERIAL PRIMARY KEY,
    query VARCHAR(80) NOT NULL,
    next_query VARCHAR(80) NOT NULL DEFAULT '',
    account BIGINT NOT NULL REFERENCES account ON DELETE RESTRICT,
    dismissed_at TIMESTAMPTZ NOT NULL,
    UNIQUE (query, next_query)
);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
