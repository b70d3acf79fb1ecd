"""What the shop needs of a PostgreSQL of one's own: asked before migrations, said in words, with what mends it.

What a session can have for itself (time zone, isolation, no JIT) is not asked for: `database.SESSION` sets it.
"""

from dataclasses import dataclass
from typing import Any

import asyncpg

from app.infra.settings import settings

OLDEST_VERSION = 15
LOCKS = 256  # a shopper's orders are looked for in every month, and each has its indexes
WORKER_POOLS, READER_CONNECTIONS = 2, 2  # worker and indexer; a large feed is read beside them
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")

_FACTS = """
SELECT current_setting('server_version_num')::int / 10000 AS version,
  current_setting('server_encoding') AS encoding,
  pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool AS is_read_only,
  current_user AS "user", current_database() AS "database", current_schema() AS "schema",
  coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create,
  current_setting('server_encoding') <> 'UTF8' OR lower(chr(201)) = chr(233) AS knows_letters,
  current_setting('max_locks_per_transaction')::int AS locks,
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS connections,
  ARRAY(SELECT name FROM unnest($1::text[]) AS asked (name) WHERE current_setting(name) = 'off') AS forgetful
"""


class DatabaseUnfit(Exception):
    """This PostgreSQL cannot hold a shop; the message says what is so and what is needed, in one line."""


@dataclass(frozen=True)
class Facts:
    """What a server says of itself and of who asks."""

    version: int
    encoding: str
    is_read_only: bool
    user: str
    database: str
    schema: str | None
    may_create: bool
    knows_letters: bool  # beyond ASCII
    locks: int  # max_locks_per_transaction
    connections: int  # for us and others
    forgetful: list[str]  # of DURABLE, what is off


async def ask(connection: Any) -> Facts:
    """Raises DatabaseUnfit: it is too old to understand the question."""
    try:
        return Facts(**dict(await connection.fetchrow(_FACTS, list(DURABLE))))
    except asyncpg.SyntaxOrAccessError as error:
        raise DatabaseUnfit(f"DATABASE_URL: what this PostgreSQL is like cannot be asked: {error}") from error


def require(facts: Facts) -> None:
    """Raises DatabaseUnfit: see there."""
    found = facts
    where = f"DATABASE_URL: PostgreSQL's database {found.database}"
    if found.version < OLDEST_VERSION:
        raise DatabaseUnfit(
            f"DATABASE_URL: this is PostgreSQL {found.version}, and {OLDEST_VERSION} or newer is needed"
        )
    if found.is_read_only:
        raise DatabaseUnfit(f"{where} is read-only (a replica, perhaps); the shop has to write into it")
    if found.encoding != "UTF8":
        raise DatabaseUnfit(
            f"{where} has the encoding {found.encoding}, and UTF8 is needed; make it anew: "
            f"CREATE DATABASE {found.database} ENCODING 'UTF8' TEMPLATE template0"
        )
    if not found.may_create:
        raise DatabaseUnfit(
            f"{where} has no schema in which {found.user} may make tables; as its owner say: "
            f"GRANT CREATE ON SCHEMA {found.schema or 'public'} TO {found.user}"
        )


def advice(facts: Facts) -> list[str]:
    """What works, but not well for long: each in one line, with the line of postgresql.conf that mends it."""
    found, wanted = [], connections_wanted()
    if facts.locks < LOCKS:
        found.append(
            f"max_locks_per_transaction is {facts.locks}, and {LOCKS} are needed where orders lie in many months, or "
            f"lists of orders fail with 'out of shared memory'. {_line('max_locks_per_transaction', LOCKS)}"
        )
    if facts.connections < wanted:
        found.append(
            f"max_connections leaves {facts.connections} connections, and WEB_WORKERS and DATABASE_POOL may open "
            f"{wanted}. {_line('max_connections', wanted + 10)} Or lower DATABASE_POOL."
        )
    for name in facts.forgetful:
        found.append(
            f"{name} is off: orders that shoppers were told of may be lost when the machine stops. {_line(name, 'on')}"
        )
    if not facts.knows_letters:
        found.append(
            f"the locale of database {facts.database} knows no letters beyond a to z: É and é are not found for each "
            "other. Make the database with LOCALE 'C.UTF-8', or another UTF-8 locale."
        )
    return found


def connections_wanted() -> int:
    """What the shop's processes may open together."""
    return (settings().web_workers + WORKER_POOLS) * settings().database_pool + READER_CONNECTIONS


def _line(name: str, value: object) -> str:
    return f"In postgresql.conf: {name} = {value} (then restart PostgreSQL)."
