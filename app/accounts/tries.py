"""What may be done so often only, counted in PostgreSQL: a flushed Redis forgets none of it."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction
from app.infra.settings import settings

LONGEST = timedelta(days=1)


@dataclass(frozen=True)
class Allowance:
    """At most `most` within `within`, for each who."""

    kind: str
    most: int
    within: timedelta


SIGN_UPS = Allowance("sign-ups", 20, timedelta(hours=1))  # from one network
WRONG_SIGN_INS = Allowance("wrong sign-ins", 60, timedelta(minutes=15))  # from one network
RESETS_FROM = Allowance("resets from", 20, timedelta(hours=1))  # one network
RESETS_FOR = Allowance("resets for", 3, timedelta(minutes=15))  # one e-mail address, known or not
MAILS_TO_CONFIRM = Allowance("mails to confirm", 4, timedelta(hours=1))  # of one account
ADDRESS_CHANGES = Allowance("address changes", 4, timedelta(hours=1))  # of one account
ADDRESS_CHANGES_TO = Allowance("address changes to", 4, timedelta(hours=1))  # one e-mail address, whoever asks
WRONG_CODES = Allowance("wrong discount codes", 60, timedelta(hours=1))  # from one network
EXPORTS = Allowance("exports", 10, timedelta(hours=1))  # of one account


class TooMany(Exception):
    """It was done too often; the next time may be at `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until

    @property
    def minutes(self) -> str:
        """ "12 minutes", rounded up."""
        whole = max(1, -int((now() - self.until).total_seconds() // 60))
        return f"{whole} minute{'s' if whole != 1 else ''}"


async def count(allowed: Allowance, who: str) -> None:
    """Count it, if it is still allowed; of somebody unknown ("") nothing is counted.

    Raises:
        TooMany: see there; this one is not counted.
    """
    if not who:
        return
    async with transaction():
        key = await _locked(allowed, who)
        await _refuse_beyond(allowed, key)
        await execute("INSERT INTO account_try (kind, who, tried_at) VALUES ($1, $2, $3)", allowed.kind, key, now())


async def take_back(allowed: Allowance, who: str) -> None:
    """What `count` has counted last was none."""
    await execute(
        """DELETE FROM account_try WHERE id = (SELECT max(id) FROM account_try WHERE kind = $1 AND who = $2)""",
        allowed.kind,
        _key(allowed, who),
    )


async def look(allowed: Allowance, who: str) -> None:
    """Count nothing.

    Raises:
        TooMany: see there.
    """
    await _refuse_beyond(allowed, _key(allowed, who))


async def note(allowed: Allowance, who: str) -> None:
    """Count it, allowed or not."""
    if not who:
        return
    await execute(
        "INSERT INTO account_try (kind, who, tried_at) VALUES ($1, $2, $3)", allowed.kind, _key(allowed, who), now()
    )


async def sweep() -> None:
    """Delete what no longer counts for anything."""
    await execute("DELETE FROM account_try WHERE tried_at <= $1", now() - LONGEST)


async def _refuse_beyond(allowed: Allowance, key: bytes) -> None:
    row = await fetch_one(
        """SELECT tried_at FROM account_try WHERE kind = $1 AND who = $2 AND tried_at > $3
           ORDER BY tried_at DESC OFFSET $4 LIMIT 1""",
        allowed.kind,
        key,
        now() - allowed.within,
        allowed.most - 1,
    )
    if row:
        raise TooMany(row["tried_at"] + allowed.within)


async def _locked(allowed: Allowance, who: str) -> bytes:
    """The key under which it is counted; whoever counts the same at this moment waits."""
    key = _key(allowed, who)
    await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{allowed.kind} {key.hex()}")
    return key


def _key(allowed: Allowance, who: str) -> bytes:
    secret = settings().secret_key.get_secret_value().encode()
    return hmac.digest(secret, f"{allowed.kind} {who}".encode(), hashlib.sha256)
