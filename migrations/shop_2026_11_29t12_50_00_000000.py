"""A parcel knows when it was sold, so that what a supplier sold lies together, by time."""

from app.infra.statements import migration

ID = "2026-11-29T12:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "sold parcels"

# The trigger comes first: it locks orders, so that none is paid unseen while older ones are written down.
STATEMENTS = """
ALTER TABLE parcel ADD COLUMN sold_at TIMESTAMPTZ;

CREATE FUNCTION sell_parcels() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    UPDATE parcel SET sold_at = new.paid_at WHERE "order" = new.id;
    RETURN NULL;
END $$;
CREATE TRIGGER paid_is_sold AFTER UPDATE OF paid_at ON shop_order FOR EACH ROW
    WHEN (old.paid_at IS DISTINCT FROM new.paid_at) EXECUTE FUNCTION sell_parcels();

UPDATE parcel SET sold_at = o.paid_at FROM shop_order o WHERE o.id = parcel."order" AND o.paid_at IS NOT NULL;
CREATE INDEX parcel_sold ON parcel (supplier, sold_at DESC, id DESC) WHERE sold_at IS NOT NULL;
"""

forwards = migration(ID, DESCRIPTION, STATEMENTS)
