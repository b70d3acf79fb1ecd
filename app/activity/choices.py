"""What a shopper does not want to see: shelves that are hidden, or nothing personal at all.

It is remembered in a cookie of the browser, which says no more than the choice itself, and with the account. Where
either says no, it is no.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from litestar import Request

from app.accounts.owners import Owner
from app.infra.clock import now
from app.infra.database import execute
from app.web.cookies import delete_cookie, set_cookie

COOKIE = "feira_personal"
OFF = "off"
MOST = 20  # hidden shelves

_CHOICE = re.compile(r"[a-z_]{1,20}(\.[a-z_]{1,20}){0,19}")


@dataclass(frozen=True)
class Choice:
    is_off: bool = False
    hidden: frozenset[str] = frozenset()

    def with_also(self, other: "Choice") -> "Choice":
        return Choice(self.is_off or other.is_off, self.hidden | other.hidden)


def choice_here(request: Request) -> Choice:
    """What this browser's cookie says; all is wanted where it says nonsense."""
    sent = request.cookies.get(COOKIE, "")
    if not _CHOICE.fullmatch(sent):
        return Choice()
    words = frozenset(sent.split("."))
    return Choice(OFF in words, words - {OFF})


def is_off_here(request: Request) -> bool:
    return choice_here(request).is_off


async def choose(request: Request, owner: Owner | None, choice: Choice) -> None:
    """Remember it in the browser, and with whoever is known to us."""
    remember_here(request, choice)
    if owner:
        await _keep(owner, choice.is_off, choice.hidden)


def remember_here(request: Request, choice: Choice) -> None:
    """In the browser alone."""
    words = sorted(choice.hidden)[: MOST - 1] + ([OFF] if choice.is_off else [])
    if words:
        set_cookie(request, COOKIE, ".".join(words))
    else:
        delete_cookie(request, COOKIE)


async def _keep(owner: Owner, is_off: bool, hidden: Iterable[str]) -> None:
    whose = "account" if owner.account else "visitor"
    await execute(
        f"""INSERT INTO personal_choice (account, visitor, is_off, hidden, changed_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT ({whose}) DO UPDATE
                SET is_off = excluded.is_off, hidden = excluded.hidden, changed_at = excluded.changed_at""",  # noqa: S608
        owner.account,
        owner.visitor,
        is_off,
        sorted(hidden)[:MOST],
        now(),
    )
