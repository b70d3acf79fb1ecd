"""Who comes in: signing in, signing up, and the changes that need the password again."""

from dataclasses import dataclass

from app.accounts import guessing, joining, known_browsers, passwords, sessions, tries
from app.accounts.sessions import Viewer
from app.accounts.tables import Role
from app.accounts.telling import News, tell
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction
from app.web.flashes import flash
from app.web.rendering import WebRequest
from app.web.senders import sender_of
from app.web.visitors import forget_visitor, visitor


class WrongPassword(Exception):
    """The password is not the account's, or there is no such account: which of both is not told."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(tries_left)
        self.tries_left = tries_left


@dataclass(frozen=True)
class Begun:
    """A session: its token, and what its shopper should know of what became one."""

    token: str
    said: list[str]


class EmailTaken(Exception):
    """There is an account with this e-mail address."""


async def sign_in(request: WebRequest, email: str, password: str, *, keep: bool) -> None:
    """Sign the browser in; `email` is in its kept form.

    Raises:
        WrongPassword, Paused: see there.
        TooMany: so many were wrong from this network that none is looked at, for whatever address.
    """
    await tries.look(tries.WRONG_SIGN_INS, sender_of(request))
    try:
        account_id, password_hash = await recognise(email, password, known_browsers.known_as(request, email))
    except WrongPassword:
        await tries.note(tries.WRONG_SIGN_INS, sender_of(request))
        raise
    async with transaction():
        begun = await begin(request, account_id, password_hash, keep=keep)
    await remember(request, account_id, begun, keep=keep)
    if keep:  # else others sit there, too
        known_browsers.remember(request, email)


async def sign_up(request: WebRequest, name: str, email: str, password: str) -> bool:
    """Make a shopper's account and sign the browser in to stay.

    Whose account it is already, with this password, is only signed in (False): the form was sent twice.

    Raises:
        EmailTaken: there is one, with another password.
        TooMany: so many accounts were made from this network.
    """
    await tries.count(tries.SIGN_UPS, sender_of(request))
    password_hash = await passwords.hashed(password)
    async with transaction():
        account_id = await new_account(name, email, password_hash)
        begun = await begin(request, account_id, password_hash, keep=True) if account_id else None
    if account_id and begun:
        await remember(request, account_id, begun, keep=True)
        known_browsers.remember(request, email)
        return True
    try:
        await sign_in(request, email, password, keep=True)
    except (WrongPassword, guessing.Paused):
        raise EmailTaken from None
    return False


async def new_account(name: str, email: str, password_hash: str) -> int | None:
    """The id of a new shopper's account, to whose address a link goes; None if there is one with this address."""
    row = await fetch_one(
        """INSERT INTO account (email, password_hash, name, role, created_at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (email) DO NOTHING RETURNING id""",
        email,
        password_hash,
        name,
        Role.SHOPPER,
        now(),
    )
    if row:
        await tell(News.CONFIRM_EMAIL, row["id"])
    return int(row["id"]) if row else None


async def rename(account_id: int, name: str) -> None:
    await execute("UPDATE account SET name = $2 WHERE id = $1", account_id, name)


async def change_password(request: WebRequest, viewer: Viewer, current: str, new: str) -> None:
    """Change it, and sign the account out everywhere but here.

    Raises:
        WrongPassword, Paused: about the current one.
    """
    _, known_hash = await recognise(viewer.email, current, viewer.browser)
    password_hash = await passwords.hashed(new)
    async with transaction():
        changed = await fetch_one(
            "UPDATE account SET password_hash = $3 WHERE id = $1 AND password_hash = $2 RETURNING id",
            viewer.id,
            known_hash,
            password_hash,
        )
        if changed is None:  # changed in another window at this moment
            raise WrongPassword(guessing.TRIES - 1)
        await sessions.end_others(request, viewer.id)
        await tell(News.PASSWORD_CHANGED, viewer.id)


async def recognise(email: str, password: str, browser: str = "") -> tuple[int, str]:
    """The account's id, and the hash that its password has now; what is wrong counts for `browser` (see `guessing`).

    Raises:
        WrongPassword, Paused: see there.
    """
    tries_left = await guessing.count_try(email, browser)
    row = await fetch_one("SELECT id, password_hash FROM account WHERE email = $1", email)
    if not await passwords.matches(password, row["password_hash"] if row else None) or row is None:
        raise WrongPassword(tries_left)
    await guessing.forgive(email, browser)
    if not passwords.is_outdated(row["password_hash"]):
        return int(row["id"]), row["password_hash"]
    renewed = await fetch_one(
        "UPDATE account SET password_hash = $3 WHERE id = $1 AND password_hash = $2 RETURNING password_hash",
        row["id"],
        row["password_hash"],
        await passwords.hashed(password),
    )
    return int(row["id"]), renewed["password_hash"] if renewed else row["password_hash"]


async def begin(request: WebRequest, account_id: int, password_hash: str, *, keep: bool) -> Begun:
    """A session, in the running transaction; what the visitor had is the account's from now on.

    Raises:
        WrongPassword: meanwhile the password was changed, which has ended every session, or the account is gone.
    """
    known = visitor(request)
    said = await joining.join(known, account_id) if known else []
    row = await fetch_one(
        "SELECT email, email_confirmed_at FROM account WHERE id = $1 AND password_hash = $2 FOR SHARE",
        account_id,
        password_hash,
    )
    if row is None:
        raise WrongPassword(guessing.TRIES - 1)
    if row["email_confirmed_at"]:
        await joining.prove(account_id, row["email"])
    return Begun(await sessions.start(request, account_id, keep=keep), said)


async def remember(request: WebRequest, account_id: int, begun: Begun, *, keep: bool) -> None:
    """Tell the browser, and the shopper, when the transaction is through."""
    sessions.remember(request, begun.token, keep=keep)
    for sentence in begun.said:
        flash(request, "plain", sentence)
    if visitor(request):
        forget_visitor(request)
    await joining.arrive(request, account_id)
