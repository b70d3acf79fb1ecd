"""Whose cart or order it is: the account's, else the visitor's whose cookie we know."""

from dataclasses import dataclass

from app.accounts.sessions import Viewer, account_of
from app.web.rendering import WebRequest
from app.web.visitors import remember_visitor, visitor


@dataclass(frozen=True)
class Owner:
    """Exactly one of the two is set."""

    account: int | None
    visitor: bytes | None  # SHA-256 of the visitor's token


async def owner_of(request: WebRequest) -> Owner | None:
    """None for somebody we remember nothing of."""
    return known_owner(request, await account_of(request))


def known_owner(request: WebRequest, viewer: Viewer | None) -> Owner | None:
    """The same, of a request of which we know who is signed in."""
    if viewer:
        return Owner(viewer.id, None)
    known = visitor(request)
    return Owner(None, known) if known else None


async def remembered_owner(request: WebRequest) -> Owner:
    """The owner, with a fresh visitor cookie when there is something to remember for the first time."""
    return await owner_of(request) or Owner(None, remember_visitor(request))
