"""What a request of money was wanted for, and instead of which it is asked, told by columns; until now its key told it."""

from app.infra.statements import migration

ID = "2026-11-29T01:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "causes of requests of money"

STATEMENTS = """
ALTER TABLE money_request
    ADD COLUMN cause VARCHAR(120),
    ADD COLUMN part VARCHAR(8) NOT NULL DEFAULT '' CHECK (part IN ('', 'held', 'bank', 'given-up')),
    ADD COLUMN instead_of BIGINT UNIQUE REFERENCES money_request ON DELETE RESTRICT;
UPDATE money_request SET
    cause = regexp_replace(key, '(/(again|held|bank|given-up))+$', ''),
    part = coalesce(substring(key FROM '/(held|bank|given-up)(?:/again)*$'), '');
UPDATE money_request again SET instead_of = failed.id
    FROM money_request failed WHERE again.key LIKE '%/again' AND failed.key = regexp_replace(again.key, '/again$', '');
ALTER TABLE money_request ALTER COLUMN cause SET NOT NULL;
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
