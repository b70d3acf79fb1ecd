"""Guessing passwords is slowed down: after five wrong ones for an e-mail address within 15 minutes comes a pause.

It is a pause for browsers that do not know the address, all together; one that does (known_browsers.py), and a session,
whose password is asked for once more, has five of its own, so strangers cannot shut an owner out.
A try is written down before the password is looked at, so that a hundred tries at once are not a hundred guesses.
"""

from datetime import datetime, timedelta

from app.infra.clock import now
from app.infra.database import execute, fetch, transaction

TRIES = 5
COUNTED_FOR = timedelta(minutes=15)
PAUSE = timedelta(minutes=5)


class Paused(Exception):
    """No password is looked at for this address before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until

    @property
    def minutes(self) -> int:
        """Whole minutes to wait, at least one."""
        return max(1, -int((now() - self.until).total_seconds() // 60))


async def count_try(email: str, browser: str = "") -> int:
    """Count a try as a wrong one until `forgive` says otherwise; returns how many are left if it is.

    Raises:
        Paused: too many were wrong; this one is not counted.
    """
    async with transaction():
        await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"sign-in {email} {browser}")
        rows = await fetch(
            """SELECT failed_at FROM sign_in_failure WHERE email = $1 AND browser = $2 AND failed_at > $3
               ORDER BY failed_at DESC""",
            email,
            browser,
            now() - COUNTED_FOR,
        )
        if len(rows) >= TRIES and (until := rows[0]["failed_at"] + PAUSE) > now():
            raise Paused(until)
        await execute(
            "INSERT INTO sign_in_failure (email, browser, failed_at) VALUES ($1, $2, $3)", email, browser, now()
        )
    return max(0, TRIES - len(rows) - 1)


async def forgive(email: str, browser: str = "") -> None:
    """The password was right: what was counted there is forgotten."""
    await execute("DELETE FROM sign_in_failure WHERE email = $1 AND browser = $2", email, browser)


async def forget(email: str) -> None:
    """There is another password, or no account any more: nothing counts for the address any more, in any browser."""
    await execute("DELETE FROM sign_in_failure WHERE email = $1", email)


async def sweep() -> None:
    """Delete what no longer counts."""
    await execute("DELETE FROM sign_in_failure WHERE failed_at <= $1", now() - COUNTED_FOR)
