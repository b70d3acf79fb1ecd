"""Returns of what has arrived."""

from app.infra.statements import migration

ID = "2026-11-28T06:37:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "returns"

STATEMENTS = """
CREATE TABLE order_return (
    id BIGSERIAL PRIMARY KEY,
    "order" BIGINT NOT NULL REFERENCES shop_order ON DELETE RESTRICT,
    number SMALLINT NOT NULL,
    state VARCHAR(9) NOT NULL CHECK (state IN ('requested', 'approved', 'refused', 'received', 'refunded')),
    reason VARCHAR(12) NOT NULL,
    note VARCHAR(1000) NOT NULL DEFAULT '',
    answer VARCHAR(1000) NOT NULL DEFAULT '',
    requested_at TIMESTAMPTZ NOT NULL,
    UNIQUE ("order", number)
);
CREATE INDEX order_return_open ON order_return (id) WHERE state IN ('requested', 'approved');
CREATE TABLE return_line (
    id BIGSERIAL PRIMARY KEY,
    "return" BIGINT NOT NULL REFERENCES order_return ON DELETE RESTRICT,
    line BIGINT NOT NULL REFERENCES order_line ON DELETE RESTRICT,
    pieces INTEGER NOT NULL CHECK (pieces > 0),
    is_restocked BOOLEAN,
    UNIQUE ("return", line)
);
CREATE INDEX return_line_line ON return_line (line);
CREATE TABLE return_move (
    id BIGSERIAL PRIMARY KEY,
    "return" BIGINT NOT NULL REFERENCES order_return ON DELETE RESTRICT,
    from_state VARCHAR(9),
    to_state VARCHAR(9) NOT NULL,
    actor VARCHAR(40) NOT NULL,
    moved_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX return_move_return ON return_move ("return");
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
