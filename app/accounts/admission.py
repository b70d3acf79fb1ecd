"""Who comes in: signing in, signing up, and the changes that need the password again."""

from app.accounts import guessing, passwords, sessions
from app.accounts.joining import join
from app.accounts.sessions import Viewer
from app.accounts.tables import Role
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction
from app.web.rendering import WebRequest
from app.web.visitors import forget_visitor, visitor


class WrongPassword(Exception):
    """The password is not the account's, or there is no such account: which of both is not told."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(tries_left)
        self.tries_left = tries_left


class EmailTaken(Exception):
    """There is an account with this e-mail address."""


async def sign_in(request: WebRequest, email: str, password: str, *, keep: bool) -> None:
    """Sign the browser in; `email` is in its kept form.

    Raises:
        WrongPassword, Paused: see there.
    """
    account_id = await _recognise(email, password)
    async with transaction():
        token = await _begin(request, account_id, keep=keep)
    _remember(request, token, keep=keep)


async def sign_up(request: WebRequest, name: str, email: str, password: str) -> None:
    """Make a shopper's account and sign the browser in to stay.

    Raises:
        EmailTaken: see there.
    """
    password_hash = await passwords.hashed(password)
    async with transaction():
        account_id = await new_account(name, email, password_hash)
        if account_id is None:
            raise EmailTaken
        token = await _begin(request, account_id, keep=True)
    _remember(request, token, keep=True)


async def new_account(name: str, email: str, password_hash: str) -> int | None:
    """The id of a new shopper's account; None if there is one with this e-mail address."""
    row = await fetch_one(
        """INSERT INTO account (email, password_hash, name, role, created_at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (email) DO NOTHING RETURNING id""",
        email,
        password_hash,
        name,
        Role.SHOPPER,
        now(),
    )
    return int(row["id"]) if row else None


async def rename(account_id: int, name: str) -> None:
    await execute("UPDATE account SET name = $2 WHERE id = $1", account_id, name)


async def change_password(request: WebRequest, viewer: Viewer, current: str, new: str) -> None:
    """Change it, and sign the account out everywhere but here.

    Raises:
        WrongPassword, Paused: about the current one.
    """
    await _recognise(viewer.email, current)
    password_hash = await passwords.hashed(new)
    async with transaction():
        await execute("UPDATE account SET password_hash = $2 WHERE id = $1", viewer.id, password_hash)
        await sessions.end_others(request, viewer.id)


async def _recognise(email: str, password: str) -> int:
    """The account's id."""
    tries_left = await guessing.count_try(email)
    row = await fetch_one("SELECT id, password_hash FROM account WHERE email = $1", email)
    if not await passwords.matches(password, row["password_hash"] if row else None) or row is None:
        raise WrongPassword(tries_left)
    await guessing.forgive(email)
    if passwords.is_outdated(row["password_hash"]):
        await execute(
            "UPDATE account SET password_hash = $3 WHERE id = $1 AND password_hash = $2",
            row["id"],
            row["password_hash"],
            await passwords.hashed(password),
        )
    return int(row["id"])


async def _begin(request: WebRequest, account_id: int, *, keep: bool) -> str:
    """The session's token; what the visitor had is the account's from now on."""
    known = visitor(request)
    if known:
        await join(known, account_id)
    return await sessions.start(request, account_id, keep=keep)


def _remember(request: WebRequest, token: str, *, keep: bool) -> None:
    sessions.remember(request, token, keep=keep)
    if visitor(request):
        forget_visitor(request)
