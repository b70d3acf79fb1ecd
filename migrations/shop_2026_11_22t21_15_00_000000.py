"""Pictures that batches want, on their way into the table of pictures."""

from app.infra.statements import migration

ID = "2026-11-22T21:15:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "wishes for pictures"

STATEMENTS = """
CREATE TABLE picture_wish (
  id bigserial PRIMARY KEY,
  supplier bigint NOT NULL,
  links text[] NOT NULL,
  wished_at timestamptz NOT NULL
);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
