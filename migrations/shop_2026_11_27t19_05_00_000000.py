"""What refers to suppliers, categories, warehouses, products, variants and offers is checked once per statement.

A foreign key is checked row by row: of what a new row of a feed cost PostgreSQL, that was half. The rules are the same
and so are the errors: a row that refers to nothing is refused, what is referred to cannot be deleted, and of two
transactions that would break a rule together, the second one waits and is refused. At READ COMMITTED, where every query
of a trigger sees what was committed before it; nothing of Feira runs at another level.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.infra.database import transaction_connection

ID = "2026-11-27T19:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "references of the catalogue checked by statement"

REFERENCES = (
    ("product", "owner", "supplier"),
    ("product", "category", "category"),
    ("variant", "product", "product"),
    ("offer", "variant", "variant"),
    ("offer", "supplier", "supplier"),
    ("stock", "offer", "offer"),
    ("stock", "warehouse", "warehouse"),
)

# Rows of this very transaction need no lock: nobody else can delete what he cannot see.
FUNCTIONS = """
CREATE FUNCTION refuse_orphans() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  missing bigint;
BEGIN
  EXECUTE format(
    'WITH named AS (SELECT DISTINCT %1$I AS id FROM added WHERE %1$I IS NOT NULL),
          held AS (SELECT p.id FROM %2$I p
                   WHERE p.id = ANY (ARRAY(SELECT n.id FROM named n)) AND p.xmin <> $1 FOR KEY SHARE),
          own AS (SELECT p.id FROM %2$I p WHERE p.id = ANY (ARRAY(SELECT n.id FROM named n)) AND p.xmin = $1)
     SELECT min(id) FROM named WHERE id NOT IN (SELECT id FROM held UNION ALL SELECT id FROM own)',
    TG_ARGV[0], TG_ARGV[1]
  ) INTO missing USING pg_current_xact_id()::xid;
  IF missing IS NOT NULL THEN
    RAISE foreign_key_violation USING MESSAGE =
      format('%s refers to %s %s, which is not there', TG_TABLE_NAME, TG_ARGV[1], missing);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION refuse_orphan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wanted bigint;
  there bigint;
BEGIN
  EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) INTO wanted USING NEW;
  EXECUTE format('SELECT id FROM %I WHERE id = $1 FOR KEY SHARE', TG_ARGV[1]) INTO there USING wanted;
  IF wanted IS NOT NULL AND there IS NULL THEN
    RAISE foreign_key_violation USING MESSAGE =
      format('%s refers to %s %s, which is not there', TG_TABLE_NAME, TG_ARGV[1], wanted);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION refuse_abandoning() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found_one boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I = $1)', TG_ARGV[0], TG_ARGV[1]) INTO found_one USING OLD.id;
  IF found_one THEN
    RAISE foreign_key_violation USING MESSAGE =
      format('%s %s is still referred to by %s', TG_TABLE_NAME, OLD.id, TG_ARGV[0]);
  END IF;
  RETURN NULL;
END $$;
"""

RULE = """
ALTER TABLE {child} DROP CONSTRAINT {child}_{column}_fkey;
CREATE TRIGGER {child}_{column}_is_there AFTER INSERT ON {child} REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_orphans('{column}', '{parent}');
CREATE TRIGGER {child}_{column}_stays_there AFTER UPDATE OF {column} ON {child}
  FOR EACH ROW WHEN (OLD.{column} IS DISTINCT FROM NEW.{column})
  EXECUTE FUNCTION refuse_orphan('{column}', '{parent}');
CREATE TRIGGER {parent}_has_no_{child}_by_{column} AFTER DELETE ON {parent}
  FOR EACH ROW EXECUTE FUNCTION refuse_abandoning('{child}', '{column}');
CREATE TRIGGER {parent}_keeps_its_{child}_by_{column} AFTER UPDATE OF id ON {parent}
  FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_abandoning('{child}', '{column}');
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="shop", description=DESCRIPTION)

    async def change() -> None:
        rules = [RULE.format(child=child, column=column, parent=parent) for child, column, parent in REFERENCES]
        await transaction_connection().execute("".join([FUNCTIONS, *rules]))

    manager.add_raw(change)
    return manager
