"""What shoppers search for, by day, and what they ask next when it finds nothing."""

from app.infra.statements import migration

ID = "2026-11-27T18:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "log of searches"

STATEMENTS = """
CREATE TABLE search_asked (
  id bigserial PRIMARY KEY,
  day date NOT NULL,
  query varchar(80) NOT NULL,
  shown varchar(80) NOT NULL,
  asked integer NOT NULL DEFAULT 0,
  found integer NOT NULL DEFAULT 0,
  UNIQUE (day, query)
);
CREATE TABLE search_followed (
  id bigserial PRIMARY KEY,
  day date NOT NULL,
  query varchar(80) NOT NULL,
  next_query varchar(80) NOT NULL,
  times integer NOT NULL DEFAULT 0,
  UNIQUE (day, query, next_query)
);
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
