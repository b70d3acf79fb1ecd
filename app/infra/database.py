"""PostgreSQL: one pool a process with limits on waiting, statements in it, and a count of them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from piccolo.engine.postgres import PostgresEngine
from piccolo.querystring import QueryString

from app.infra import background, outages
from app.infra.outages import LOST, DatabaseUnavailable, QueryCount, StatementTimedOut, quietly
from app.infra.settings import settings
from app.infra.transactions import Transaction

ACQUIRE_SECONDS = 3.0
COMMAND_SECONDS = 30.0
PAGE_SECONDS = 6.0  # a shopper does not wait longer for one statement


# Whatever postgresql.conf says: dates are UTC's, an UPDATE sees what it waited for, short questions start at once.
SESSION = {"timezone": "UTC", "default_transaction_isolation": "read committed", "jit": "off"}


_waiting = 0  # for a connection
_letting_go: set[asyncio.Task[None]] = set()


def pool_figures() -> tuple[int, int, int]:
    """How many connections this process has open, how many are in use, and how many are waited for."""
    pool: Any = DB.pool
    size, idle = (pool.get_size(), pool.get_idle_size()) if pool else (0, 0)
    return size, size - idle, _waiting


def _let_go_meanwhile(pool: Any, connection: Any) -> None:
    """The server is asked to stop what takes too long; a page does not wait until it has."""
    task = asyncio.create_task(quietly(pool.release(connection)))
    _letting_go.add(task)
    task.add_done_callback(_letting_go.discard)


class ShopEngine(PostgresEngine):
    """Piccolo's engine with time limits on the pool and counted queries."""

    __slots__ = ()

    async def check_version(self) -> None:
        """Piccolo asks the server while this module is imported; Feira's pool asks soon enough."""

    async def prep_database(self) -> None:
        """No extensions are needed."""

    def transaction(self, allow_nested: bool = True) -> Transaction:
        return Transaction(engine=self, allow_nested=allow_nested)

    async def acquire(self) -> Any:
        """A connection, perhaps one open for long: only an answer on it shows that the server is there."""
        if not self.pool:
            raise DatabaseUnavailable("no connection pool is running")
        page = outages.page_queries.get()
        if page and page.has_waited:
            raise DatabaseUnavailable("this page has waited for the database before")
        global _waiting
        _waiting += 1
        try:
            return await self.pool.acquire(timeout=ACQUIRE_SECONDS)
        except LOST as error:  # a timeout is an OSError, too
            outages.note(away=True)
            outages.give_up_waiting(error)
            raise DatabaseUnavailable(str(error) or "no free connection") from error
        finally:
            _waiting -= 1

    async def run_sql(self, sql: str, args: Sequence[Any]) -> list[Any]:
        page = outages.page_queries.get()
        if page:
            page.value += 1
        try:
            current = self.current_transaction.get()
            if current:
                return await current.connection.fetch(sql, *args)
            pool: Any = self.pool  # as in `Transaction.get_connection`
            connection = await self.acquire()
            try:
                found = await connection.fetch(sql, *args)
            except TimeoutError:
                _let_go_meanwhile(pool, connection)
                raise
            except BaseException:
                await quietly(pool.release(connection))
                raise
            outages.note(away=False)
            await quietly(pool.release(connection))
            return found
        except TimeoutError as error:
            outages.give_up_waiting(error)
            outages.note(away=True)
            raise StatementTimedOut(f"no answer to: {' '.join(sql.split())[:80]}") from error
        except LOST as error:
            outages.note(away=True)
            raise DatabaseUnavailable(str(error)) from error

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:
        if not in_pool or not self.pool:
            return await super().run_querystring(querystring, in_pool=False)
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self.run_sql(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        if not in_pool or not self.pool:
            return await super().run_ddl(ddl, in_pool=False)
        return await self.run_sql(ddl, ())


DB = ShopEngine(config={})  # where the server is, is asked when the pool opens


async def open_pool(
    size: int | None = None, *, command_seconds: float = COMMAND_SECONDS, in_background: bool = False
) -> None:
    """Open this process's pool; a second call in the same process does nothing.

    Connections are made when they are needed: a process may start while PostgreSQL is away.

    Args:
        in_background: for statements about many rows at once. Each is planned for the sizes that its tables have then:
            a plan from the time when they were empty reads all of them for ever. And pages come first.
    """
    if DB.pool is None:
        DB.config["dsn"] = settings().database_url
        DB.pool = await asyncpg.create_pool(
            dsn=settings().database_url,
            min_size=0,
            max_size=size or settings().database_pool,
            command_timeout=command_seconds,
            timeout=ACQUIRE_SECONDS,
            # Not plan_cache_mode: that would plan the check of a foreign key anew for every row, too.
            statement_cache_size=0 if in_background else 100,
            server_settings=SESSION | ({"max_parallel_workers_per_gather": "0"} if in_background else {}),
            init=background.as_nice_as_we_are if in_background else None,
            reset=_nothing_to_undo,
        )


async def _nothing_to_undo(_: Any) -> None:
    """A connection goes back as it came: what is set, is set LOCAL, and locks end with their transactions.

    asyncpg would ask the server to forget all that a session may have, as a second question after each of ours. What it
    does without asking stays: a transaction that somebody left open is rolled back.
    """


async def close_pool() -> None:
    pool, DB.pool = DB.pool, None
    if pool is not None:
        try:
            await asyncio.wait_for(pool.close(), 5)
        except (TimeoutError, *LOST):
            pool.terminate()


@asynccontextmanager
async def connected(size: int | None = None, *, in_background: bool = False) -> AsyncIterator[None]:
    """A pool for the block; inside another such block, that one's."""
    was_open = DB.pool is not None
    await open_pool(size, in_background=in_background)
    try:
        yield
    finally:
        if not was_open:
            await close_pool()


@asynccontextmanager
async def borrowed() -> AsyncIterator[Any]:
    """A connection for what cannot run in a transaction; a statement alone needs none.

    Whoever sets or locks anything for the session undoes it before the end: the next one gets the connection as it is.
    """
    pool: Any = DB.pool  # as in `Transaction.get_connection`
    connection = await DB.acquire()
    try:
        yield connection
    finally:
        await quietly(pool.release(connection))


def transaction() -> Transaction:
    """`async with transaction():` — the block is one transaction; inside another, it joins it.

    Await queries inside one after another: they share one connection.
    """
    return DB.transaction()


def after_commit(call: Callable[[], None]) -> None:
    """Call it, which raises nothing, once the running transaction (the outermost) is committed; at once without one.

    For what this process keeps in memory: a kill in between loses it. What must follow is a row of the outbox.
    """
    current = DB.current_transaction.get()
    if isinstance(current, Transaction):
        current.afterwards.append(call)
    else:
        call()


def transaction_connection() -> Any:
    """The asyncpg connection of the running transaction, for COPY and batches.

    Raises:
        RuntimeError: no transaction is running.
    """
    current = DB.current_transaction.get()
    if current is None:
        raise RuntimeError("no transaction is running")
    return current.connection


async def fetch(sql: str, *args: Any) -> list[Any]:
    """Rows (asyncpg records) of a statement with `$1` parameters, in the running transaction if there is one.

    JSONB comes back as text.
    """
    return await DB.run_sql(sql, args)


async def fetch_one(sql: str, *args: Any) -> Any | None:
    rows = await fetch(sql, *args)
    return rows[0] if rows else None


async def execute(sql: str, *args: Any) -> None:
    await fetch(sql, *args)


def like(words: str) -> str:
    """The pattern of LIKE for texts that contain the words, which are text and no pattern; "" for none."""
    text = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{text}%" if text else ""


def count_queries() -> QueryCount:
    """Count the queries of this context from now on."""
    counted = QueryCount()
    outages.page_queries.set(counted)
    return counted
