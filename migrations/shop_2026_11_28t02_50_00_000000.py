"""Tables of postcodes that operators send, and how often each of delivery's tables was changed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection

ID = "2026-11-28T02:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "uploads of postcodes, versions of delivery's tables"

# Counted by triggers, because the row is then written in the transaction of the change, whoever makes it: a process
# that reads a new number finds what belongs to it.
STATEMENTS = """
CREATE TABLE delivery_version (
    part VARCHAR(40) PRIMARY KEY,
    version BIGINT NOT NULL
);
CREATE FUNCTION count_delivery_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO delivery_version (part, version) VALUES (TG_TABLE_NAME, 1)
    ON CONFLICT (part) DO UPDATE SET version = delivery_version.version + 1;
    RETURN NULL;
END $$;
"""
PARTS = ("warehouse", "zone", "postcode_area", "service_level", "lane", "surcharge", "transit_time")
TRIGGER = """
CREATE TRIGGER delivery_changed AFTER INSERT OR UPDATE OR DELETE ON {part}
FOR EACH STATEMENT EXECUTE FUNCTION count_delivery_change();
"""
UPLOADS = """
CREATE TABLE postcode_upload (
    id BIGSERIAL PRIMARY KEY,
    account BIGINT NOT NULL REFERENCES account ON DELETE RESTRICT,
    filename VARCHAR(120) NOT NULL,
    line_count INTEGER NOT NULL,
    prefixes TEXT[] NOT NULL,
    places TEXT[] NOT NULL,
    zones TEXT[] NOT NULL,
    spared TEXT[] NOT NULL,
    problems JSONB NOT NULL,
    problem_count INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    applied_at TIMESTAMPTZ
);
UPDATE postcode_area SET prefix = left(prefix, 4) || '-' || substr(prefix, 5)
WHERE prefix ~ '^[0-9]{5,7}$'
  AND NOT EXISTS (SELECT FROM postcode_area b WHERE b.prefix = left(postcode_area.prefix, 4) || '-' || substr(postcode_area.prefix, 5));
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def change() -> None:
        await transaction_connection().execute(
            STATEMENTS + "".join(TRIGGER.format(part=part) for part in PARTS) + UPLOADS
        )

    manager.add_raw(change)
    return manager
