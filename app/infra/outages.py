"""When PostgreSQL does not answer: what is raised, what this process knows of it, and that a page waits only once."""

import contextlib
from collections.abc import Awaitable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass

import asyncpg


@dataclass
class QueryCount:
    """What one page, or another stretch of work that counts, has asked of the database."""

    value: int = 0
    has_waited: bool = False  # in vain


page_queries: ContextVar[QueryCount | None] = ContextVar("page_queries", default=None)
_is_away = False


class DatabaseUnavailable(Exception):
    """PostgreSQL cannot be reached or has no free connection."""


class StatementTimedOut(DatabaseUnavailable):
    """One statement took longer than it may: perhaps the database stands still, perhaps the statement asks too much."""


LOST = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InternalClientError,  # what asyncpg says of a connection that died between two statements
)


def is_away() -> bool:
    """Whether this process could not reach PostgreSQL when it last tried."""
    return _is_away


def is_known_away() -> bool:
    """Whether a page need not even try: PostgreSQL was away when this process last did. Its pulse tries by and by."""
    return _is_away and page_queries.get() is not None


def ask_nothing_while_away() -> None:
    """This page can do without: if PostgreSQL is known to be away, its queries fail at once instead of waiting."""
    page = page_queries.get()
    if page and is_known_away():
        page.has_waited = True


def note(*, away: bool) -> None:
    """What the last attempt of this process found."""
    global _is_away
    _is_away = away


def give_up_waiting(error: Exception) -> None:
    """A page waits for a silent database once, not at each of its queries; a lost connection is worth another try."""
    page = page_queries.get()
    if page and isinstance(error, TimeoutError):
        page.has_waited = True


@contextlib.contextmanager
def answering(what: str) -> Iterator[None]:
    """Raises DatabaseUnavailable for what asyncpg raises about a server that is gone, or silent, while it does that."""
    try:
        yield
    except TimeoutError as error:
        raise StatementTimedOut(f"no answer to: {what}") from error
    except LOST as error:
        raise DatabaseUnavailable(str(error)) from error


async def quietly(step: Awaitable[object]) -> None:
    with contextlib.suppress(*LOST):  # the connection is gone, and with it the transaction
        await step
