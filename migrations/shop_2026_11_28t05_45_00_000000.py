"""What every change of the pieces on hand was for."""

from app.infra.statements import migration

ID = "2026-11-28T05:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "stock movements"

STATEMENTS = """
CREATE TABLE stock_movement (
    id BIGSERIAL PRIMARY KEY,
    stock BIGINT NOT NULL,
    kind VARCHAR(10) NOT NULL CHECK (kind IN ('counted', 'withdrawn', 'sold', 'returned', 'corrected')),
    "order" BIGINT,
    before INTEGER NOT NULL CHECK (before >= 0),
    after INTEGER NOT NULL CHECK (after >= 0),
    moved_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT moves_something CHECK (before <> after),
    CONSTRAINT orders_move_their_own CHECK (("order" IS NOT NULL) = (kind IN ('sold', 'returned')))
);
CREATE INDEX stock_movement_stock ON stock_movement (stock, id);
CREATE INDEX stock_movement_order ON stock_movement ("order") WHERE "order" IS NOT NULL;

-- What was sold before anything was written down: as if it had been the last that happened to its stock.
INSERT INTO stock_movement (stock, kind, "order", before, after, moved_at)
SELECT stock, 'sold', "order", on_hand + later + quantity, on_hand + later, created_at FROM (
    SELECT r.id, r.stock, r."order", r.quantity, r.created_at, s.on_hand,
           sum(r.quantity) OVER (PARTITION BY r.stock ORDER BY r.id DESC)::int - r.quantity AS later
    FROM reservation r JOIN stock s ON s.id = r.stock WHERE r.state = 'sold') AS sales
ORDER BY id;

CREATE FUNCTION stock_movements_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'stock movements are only added' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON stock_movement
    FOR EACH STATEMENT EXECUTE FUNCTION stock_movements_stand();
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
