"""Faults that can be switched on in the sandbox, for tests and drills: by setting, and by rows that operators make."""

import random
from dataclasses import dataclass

from app.infra.database import execute, fetch
from app.infra.settings import settings
from app.payments.provider import ProviderUnavailable


@dataclass(frozen=True)
class Fault:
    name: str
    says: str


FAULTS = (
    Fault("webhook_lost", "A webhook is never sent"),
    Fault("webhook_duplicate", "A webhook is sent twice"),
    Fault("webhook_reordered", "Webhooks are sent the newest first"),
    Fault("webhook_late", "A webhook comes after the hold has ended"),
    Fault("webhook_forged", "A stranger sends a webhook that says the opposite, with a wrong signature"),
    Fault("error_after", "The provider does what it was asked, and answers 500"),
    Fault("timeout_after", "The provider does what it was asked, and does not answer"),
    Fault("error_before", "The provider answers 500 and does nothing"),
)
NAMES = {fault.name for fault in FAULTS}


async def switched_on() -> dict[str, int]:
    """Name → how many times in a hundred it happens."""
    found = dict.fromkeys(settings().sandbox_faults.replace(",", " ").split(), 100)
    rows = await fetch("SELECT name, percent FROM sandbox_fault")
    return {**found, **{row["name"]: row["percent"] for row in rows}}


async def happens(name: str) -> bool:
    """Whether this fault strikes now."""
    return random.randrange(100) < (await switched_on()).get(name, 0)  # noqa: S311 - a drill, no secret


async def switch(name: str, percent: int) -> None:
    """Let a fault happen so many times in a hundred; 0: never.

    Raises:
        ValueError: there is no such fault, or not so many in a hundred.
    """
    if name not in NAMES or not 0 <= percent <= 100:
        raise ValueError(f"no fault {name!r} in {percent} of 100")
    if percent:
        await execute(
            """INSERT INTO sandbox_fault (name, percent) VALUES ($1, $2)
               ON CONFLICT (name) DO UPDATE SET percent = excluded.percent""",
            name,
            percent,
        )
    else:
        await execute("DELETE FROM sandbox_fault WHERE name = $1", name)


async def before_call() -> None:
    """Raises ProviderUnavailable: nothing was done."""
    if await happens("error_before"):
        raise ProviderUnavailable("the sandbox answers 500")


async def after_call() -> None:
    """Raises ProviderUnavailable: all was done, and the shop does not hear of it."""
    for name in ("error_after", "timeout_after"):
        if await happens(name):
            raise ProviderUnavailable(f"the sandbox: {name}")
