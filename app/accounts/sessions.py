"""Who is signed in. A session is a row in PostgreSQL; the cookie holds its random token, the row only the hash."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from litestar.exceptions import PermissionDeniedException

from app.accounts import guessing, joining, tries
from app.accounts.devices import device
from app.accounts.tables import Role
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one
from app.web.cookies import delete_cookie, set_cookie
from app.web.paths import local_path, path_of
from app.web.rendering import WebRequest, is_fragment
from app.web.visitors import hash_token

COOKIE = "feira_session"
KEPT = timedelta(days=60)
UNKEPT = timedelta(days=1)
MOST = 100  # of one account: the list of its devices shows them all
SEEN_EVERY = timedelta(hours=1)  # how exactly it is known when a device was last here: not a write for each page


@dataclass(frozen=True)
class Viewer:
    """The account that is looking at this page."""

    id: int
    name: str
    email: str
    role: Role
    supplier_id: int | None
    supplier_name: str
    supplier_state: str  # a SupplierState; "" without a supplier
    email_confirmed: bool
    session_id: int

    @property
    def browser(self) -> str:
        """What passwords that are wrong in this session are counted under."""
        return f"session {self.session_id}"


class SignInNeeded(Exception):
    """The page is for people who are signed in; `back` is where to go on after that."""

    def __init__(self, back: str) -> None:
        super().__init__(back)
        self.back = back

    @property
    def address(self) -> str:
        return f"/sign-in?next={quote(self.back, safe='/')}"


async def account_of(request: WebRequest) -> Viewer | None:
    """Who is signed in; at most one query per request, and none without the cookie."""
    state = request.scope["state"]
    if "viewer" not in state:
        token = request.cookies.get(COOKIE)
        state["viewer"] = await _viewer(token) if token else None
    found: Viewer | None = state["viewer"]
    return found


async def required(request: WebRequest, *roles: Role) -> Viewer:
    """Who is signed in, for a page that only `roles` (none given: everybody with an account) may see.

    Raises:
        SignInNeeded: nobody is signed in.
        PermissionDeniedException: the account has another role.
    """
    viewer = await account_of(request)
    if viewer is None:
        raise SignInNeeded(_way_back(request))
    if roles and viewer.role not in roles:
        raise PermissionDeniedException("This page is not for your account")
    return viewer


async def start(request: WebRequest, account_id: int, *, keep: bool) -> str:
    """Write a session under a fresh token, so that one planted before is worth nothing; the browser's old row goes, and
    the account's oldest ones beyond MOST.

    Returns the token, to be sent with `remember` when the transaction is through.
    """
    await _delete_row(request)
    token = secrets.token_urlsafe(32)
    await execute(
        """INSERT INTO session (token_hash, account, created_at, seen_at, expires_at, device)
           VALUES ($1, $2, $3, $3, $4, $5)""",
        hash_token(token),
        account_id,
        now(),
        now() + (KEPT if keep else UNKEPT),
        device(request.headers.get("user-agent", "")),
    )
    await execute(
        """DELETE FROM session WHERE id IN (
             SELECT id FROM session WHERE account = $1 ORDER BY seen_at DESC, id DESC OFFSET $2
             FOR UPDATE SKIP LOCKED)""",
        account_id,
        MOST,
    )
    return token


def remember(request: WebRequest, token: str, *, keep: bool) -> None:
    """Sign the browser in; unless `keep`, only until it is closed."""
    set_cookie(request, COOKIE, token, int(KEPT.total_seconds()) if keep else None)
    request.scope["state"].pop("viewer", None)


async def end(request: WebRequest) -> None:
    """Sign the browser out; whoever sits there next does not see what was done, nor go back to what was seen."""
    await _delete_row(request)
    delete_cookie(request, COOKIE)
    request.scope["state"].setdefault("headers", []).append((b"clear-site-data", b'"cache"'))
    request.scope["state"]["viewer"] = None
    joining.depart(request)


async def end_others(request: WebRequest, account_id: int) -> None:
    """Sign the account out on every other device."""
    here = hash_token(request.cookies.get(COOKIE, ""))
    await execute("DELETE FROM session WHERE account = $1 AND token_hash <> $2", account_id, here)


async def sweep() -> int:
    """Delete sessions that have expired, and wrong passwords that no longer count; returns how many sessions."""
    await guessing.sweep()
    await tries.sweep()
    return len(await fetch("DELETE FROM session WHERE expires_at <= $1 RETURNING id", now()))


async def _viewer(token: str) -> Viewer | None:
    row = await fetch_one(
        """
        SELECT account.id, account.name, account.email, account.role, supplier.id AS supplier_id,
               coalesce(supplier.name, '') AS supplier_name, coalesce(supplier.state, '') AS supplier_state,
               account.email_confirmed_at IS NOT NULL AS email_confirmed, session.id AS session_id, session.seen_at
        FROM session JOIN account ON account.id = session.account LEFT JOIN supplier ON supplier.id = account.supplier
        WHERE session.token_hash = $1 AND session.expires_at > $2
        """,
        hash_token(token),
        now(),
    )
    if row is None:
        return None
    fields: dict[str, Any] = dict(row)
    if fields.pop("seen_at") < now() - SEEN_EVERY:
        await execute("UPDATE session SET seen_at = $2 WHERE id = $1", fields["session_id"], now())
    return Viewer(**{**fields, "role": Role(fields["role"])})


async def _delete_row(request: WebRequest) -> None:
    token = request.cookies.get(COOKIE)
    if token:
        await execute("DELETE FROM session WHERE token_hash = $1", hash_token(token))


def _way_back(request: WebRequest) -> str:
    """The page to return to: this one, or for what is not a page of its own the one it was sent from."""
    if request.method == "GET" and not is_fragment(request):
        return local_path(path_of(request))
    sent_from = request.headers.get("hx-current-url") or request.headers.get("referer") or ""
    try:
        parts = urlsplit(sent_from)
    except ValueError:
        return "/"
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return local_path(path) if parts.netloc == request.headers.get("host") else "/"
