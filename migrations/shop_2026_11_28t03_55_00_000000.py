"""Lists of recommended products, as they were last learned."""

from app.infra.statements import migration

ID = "2026-11-28T03:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "recommended lists"

STATEMENTS = """
CREATE TABLE recommended_list (
    id BIGSERIAL PRIMARY KEY,
    kind VARCHAR(8) NOT NULL CHECK (kind IN ('together', 'for_you', 'again', 'trending')),
    subject BIGINT NOT NULL,
    products BIGINT[] NOT NULL,
    learned_at TIMESTAMPTZ NOT NULL,
    UNIQUE (kind, subject)
);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
