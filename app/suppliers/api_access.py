"""Which requests of programs are let in: a key that is known, a supplier that may, a scope that fits, not too many."""

import math

from app.accounts.suppliers import standing_of
from app.accounts.tables import SupplierState
from app.infra.buckets import Limit, Taken, take
from app.suppliers.api_keys import Caller, Scope, caller_of
from app.web.refusals import Refused
from app.web.rendering import WebRequest

# Per key. A supplier that sends more than this many offers one by one is better served by a feed.
LIMITS = {
    "offers": Limit(rate=50, burst=200),
    "feeds": Limit(rate=0.5, burst=30),
    "reads": Limit(rate=20, burst=100),
}


async def admitted(request: WebRequest, limit: str, *scopes: Scope) -> Caller:
    """The program that asks, if its key has one of `scopes` and has not asked too often within `limit` of LIMITS.

    Raises:
        Refused: 401, 403 or 429, with the headers that belong to it.
    """
    caller = await caller_of(_bearer(request))
    if caller is None:
        raise Refused(
            401,
            "Send a key of the supplier desk in the header Authorization: Bearer …; this one is not known or revoked.",
            headers={"www-authenticate": 'Bearer realm="feira", error="invalid_token"'},
        )
    if caller.state != SupplierState.APPROVED:
        raise Refused(403, (await standing_of(caller.supplier)).sentence)
    if not caller.scopes.intersection(scopes):
        needed = " or ".join(scopes)
        raise Refused(
            403,
            f"This key may not do that: it needs the scope {needed}.",
            headers={"www-authenticate": f'Bearer realm="feira", error="insufficient_scope", scope="{scopes[0]}"'},
        )
    _count(request, limit, await take(f"{limit}:{caller.key}", LIMITS[limit]))
    return caller


def _bearer(request: WebRequest) -> str:
    """The key in the request.

    Raises:
        Refused: there is none.
    """
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not key.strip():
        raise Refused(
            401,
            "Send a key of the supplier desk in the header Authorization: Bearer ….",
            headers={"www-authenticate": 'Bearer realm="feira"'},
        )
    return key.strip()


def _count(request: WebRequest, limit: str, taken: Taken) -> None:
    """Say in every answer how much is left.

    Raises:
        Refused: nothing is.
    """
    headers = {
        "ratelimit-limit": str(LIMITS[limit].burst),
        "ratelimit-remaining": str(taken.left),
        "ratelimit-reset": str(math.ceil(taken.full_in)),
    }
    request.scope["state"]["headers"] = [(name.encode(), text.encode()) for name, text in headers.items()]
    if not taken.granted:
        wait = max(1, math.ceil(taken.wait))
        raise Refused(429, f"Too many requests with this key. Go on in {wait} s.", headers={"retry-after": str(wait)})
