"""Operators say which categories there are, and by which words goods are recognised as theirs."""

from app.infra.statements import migration

ID = "2026-11-29T07:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "words of categories"

STATEMENTS = """
ALTER TABLE category ADD COLUMN words VARCHAR(60)[];
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
