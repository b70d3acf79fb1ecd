"""Orders, their lines and the history of both lie in partitions by month.

An order's id begins with its month (202611 0000000042), and so do the ids of its parcels; so a partition of a month is a
range of ids, and whoever knows an order's or a parcel's id reaches into one partition. What was there before is, row by
row where it lay, the first partition, month 0. What must be unique over all months cannot be an index of a partitioned
table: it is a row of `order_key`, which gives the id, too.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection

ID = "2026-11-28T09:42:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "orders by month"

# Table -> the column by which it is partitioned, and its key.
PARTITIONED = {
    "shop_order": ("id", "id"),
    "order_line": ("parcel", "parcel, id"),
    "order_move": ('"order"', '"order", id'),
    "parcel_move": ("parcel", "parcel, id"),
}

MONTHS = """
CREATE TABLE order_month (
    month INTEGER PRIMARY KEY CHECK (month = 0 OR month BETWEEN 200001 AND 899912 AND month % 100 BETWEEN 1 AND 12),
    archived_at TIMESTAMPTZ
);
INSERT INTO order_month (month) VALUES (0);

CREATE FUNCTION order_month_of(id BIGINT) RETURNS BIGINT LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    'SELECT id / 10000000000';

-- The newest month that has begun and is open; so an order has a place also when nobody made its month.
CREATE FUNCTION new_order_id(at TIMESTAMPTZ) RETURNS BIGINT LANGUAGE sql VOLATILE AS $$
    SELECT coalesce(max(month) FILTER (WHERE month <= to_char(at AT TIME ZONE 'UTC', 'YYYYMM')::int), min(month))
           * 10000000000 + nextval('shop_order_id_seq') % 10000000000
    FROM order_month WHERE archived_at IS NULL
$$;

CREATE FUNCTION new_parcel_id("order" BIGINT) RETURNS BIGINT LANGUAGE sql VOLATILE AS $$
    SELECT order_month_of("order") * 10000000000 + nextval('parcel_id_seq') % 10000000000
$$;

CREATE TABLE order_key (
    "order" BIGINT NOT NULL,
    number VARCHAR(16) NOT NULL UNIQUE,
    checkout_key UUID NOT NULL UNIQUE,
    PRIMARY KEY ("order", number, checkout_key)
);
INSERT INTO order_key SELECT id, number, checkout_key FROM shop_order;
"""

# What refers to them, and what they have of their own that names or numbers of a partition are in the way of.
LET_GO = """
ALTER TABLE order_move DROP CONSTRAINT order_move_order_fkey;
ALTER TABLE parcel DROP CONSTRAINT parcel_order_fkey;
ALTER TABLE invoice DROP CONSTRAINT invoice_order_fkey;
ALTER TABLE credit_note DROP CONSTRAINT credit_note_order_fkey;
ALTER TABLE order_return DROP CONSTRAINT order_return_order_fkey;
ALTER TABLE return_line DROP CONSTRAINT return_line_line_fkey;
DROP TRIGGER owner_is_a_word ON shop_order;
ALTER TABLE shop_order DROP CONSTRAINT shop_order_number_key, DROP CONSTRAINT shop_order_checkout_key_key;
ALTER TABLE order_line DROP CONSTRAINT order_line_pkey, ALTER COLUMN parcel SET NOT NULL, ADD PRIMARY KEY (parcel, id);
ALTER TABLE order_move DROP CONSTRAINT order_move_pkey, ALTER COLUMN "order" SET NOT NULL, ADD PRIMARY KEY ("order", id);
ALTER TABLE parcel_move DROP CONSTRAINT parcel_move_pkey, ADD PRIMARY KEY (parcel, id);
DROP INDEX order_line_parcel, order_move_order, parcel_move_parcel;
"""

# The table becomes the first partition of a new one of its name, without a row being moved.
PARTITION = """
DO $$
DECLARE each RECORD;
BEGIN
    FOR each IN SELECT indexrelid::regclass AS name FROM pg_index WHERE indrelid = '{table}'::regclass LOOP
        EXECUTE format('ALTER INDEX %s RENAME TO %I', each.name, replace(each.name::text, '{table}', '{table}_0'));
    END LOOP;
END $$;
ALTER TABLE {table} RENAME TO {table}_0;
CREATE TABLE {table} (LIKE {table}_0 INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE,
                      PRIMARY KEY ({key})) PARTITION BY RANGE ({by});
ALTER SEQUENCE {table}_id_seq OWNED BY {owner};
ALTER TABLE {table}_0 ALTER COLUMN id DROP DEFAULT;
"""

WHOLE = """
ALTER TABLE shop_order ALTER COLUMN id DROP DEFAULT;
CREATE INDEX shop_order_account ON shop_order (account, id DESC);
CREATE INDEX shop_order_guest_email ON shop_order (lower(email)) WHERE account IS NULL;
CREATE INDEX shop_order_of_account ON shop_order (account, state, placed_at DESC, id DESC) WHERE account IS NOT NULL;
CREATE INDEX shop_order_of_visitor ON shop_order (visitor, state, placed_at DESC, id DESC) WHERE account IS NULL;
CREATE INDEX shop_order_to_send ON shop_order (paid_at) WHERE state IN ('paid', 'packed', 'shipped');
CREATE INDEX shop_order_unpaid ON shop_order (reserved_until) WHERE state = 'pending';
CREATE INDEX shop_order_visitor ON shop_order (visitor);
CREATE INDEX shop_order_words ON shop_order USING gin (words) WITH (fastupdate = off);
ALTER TABLE shop_order ADD FOREIGN KEY (account) REFERENCES account ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE order_line ADD FOREIGN KEY (offer) REFERENCES offer ON UPDATE CASCADE ON DELETE RESTRICT,
    ADD FOREIGN KEY (parcel) REFERENCES parcel ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE parcel_move ADD FOREIGN KEY (parcel) REFERENCES parcel ON DELETE RESTRICT;
ALTER TABLE shop_order ATTACH PARTITION shop_order_0 FOR VALUES FROM (0) TO (10000000000);
ALTER TABLE order_line ATTACH PARTITION order_line_0 FOR VALUES FROM (0) TO (10000000000);
ALTER TABLE order_move ATTACH PARTITION order_move_0 FOR VALUES FROM (0) TO (10000000000);
ALTER TABLE parcel_move ATTACH PARTITION parcel_move_0 FOR VALUES FROM (0) TO (10000000000);

CREATE TRIGGER owner_is_a_word BEFORE UPDATE OF account, visitor ON shop_order FOR EACH ROW
    WHEN (old.account IS DISTINCT FROM new.account OR old.visitor IS DISTINCT FROM new.visitor)
    EXECUTE FUNCTION follow_order_owner();

ALTER TABLE shop_order ADD CONSTRAINT has_its_key FOREIGN KEY (id, number, checkout_key) REFERENCES order_key;
ALTER TABLE order_move ADD FOREIGN KEY ("order") REFERENCES shop_order ON DELETE RESTRICT;
ALTER TABLE parcel ALTER COLUMN id DROP DEFAULT, ADD FOREIGN KEY ("order") REFERENCES shop_order ON DELETE RESTRICT,
    ADD CONSTRAINT lies_in_the_month_of_its_order CHECK (order_month_of(id) = order_month_of("order"));
ALTER TABLE invoice ADD FOREIGN KEY ("order") REFERENCES shop_order ON DELETE RESTRICT;
ALTER TABLE credit_note ADD FOREIGN KEY ("order") REFERENCES shop_order ON DELETE RESTRICT;
ALTER TABLE order_return ADD FOREIGN KEY ("order") REFERENCES shop_order ON DELETE RESTRICT;

ALTER TABLE return_line ADD COLUMN parcel BIGINT;
UPDATE return_line r SET parcel = l.parcel FROM order_line l WHERE l.id = r.line;
ALTER TABLE return_line ALTER COLUMN parcel SET NOT NULL,
    ADD FOREIGN KEY (parcel, line) REFERENCES order_line ON DELETE RESTRICT;
"""

KEEPING = """
CREATE FUNCTION make_order_month(wanted INTEGER) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
DECLARE whole TEXT; part TEXT; first BIGINT := wanted * 10000000000;
BEGIN
    INSERT INTO order_month (month) VALUES (wanted) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN FALSE; END IF;
    FOREACH whole IN ARRAY ARRAY['shop_order', 'order_line', 'order_move', 'parcel_move'] LOOP
        part := whole || '_' || wanted;
        -- Made first and attached then: that leaves the table open to those who read and write it meanwhile.
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES '
                       'INCLUDING STORAGE)', part, whole);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                       whole, part, first, first + 10000000000);
    END LOOP;
    RETURN TRUE;
END $$;

-- Of an archived month only the columns that it is told may change, and only its history grows.
CREATE FUNCTION archived_month_stands() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(old) - TG_ARGV = to_jsonb(new) - TG_ARGV THEN RETURN new; END IF;
    RAISE EXCEPTION '% is archived: its rows stand', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

SELECT make_order_month(to_char(now() AT TIME ZONE 'UTC' + ahead * interval '1 month', 'YYYYMM')::int)
FROM generate_series(0, 2) ahead;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def change() -> None:
        owners = {table: f"{table}.id" for table in PARTITIONED} | {"shop_order": 'order_key."order"'}
        for statements in (
            MONTHS,
            LET_GO,
            *(
                PARTITION.format(table=table, by=by, key=key, owner=owners[table])
                for table, (by, key) in PARTITIONED.items()
            ),
            WHOLE,
            KEEPING,
        ):
            await transaction_connection().execute(statements)

    manager.add_raw(change)
    return manager
