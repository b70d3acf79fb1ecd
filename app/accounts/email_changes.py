"""Another e-mail address for an account: asked for with the password, in effect once a link sent there is followed.

The old address is told twice: when it is asked for, and when it is done.
"""

from datetime import datetime

from asyncpg.exceptions import UniqueViolationError

from app.accounts import admission, joining, tries
from app.accounts.admission import EmailTaken
from app.accounts.links import DeadLink, Purpose, opened
from app.accounts.sessions import Viewer
from app.accounts.telling import News, tell
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction


async def ask(viewer: Viewer, password: str, new_email: str) -> None:
    """Send a link to `new_email`. Whether another account has it is told to who reads its mail, not here.

    Raises:
        WrongPassword, Paused: about the password.
        TooMany: asked for too often within the hour, by this account or for this address.
    """
    await admission.recognise(viewer.email, password, viewer.browser)
    await tries.count(tries.ADDRESS_CHANGES, str(viewer.id))
    await tries.count(tries.ADDRESS_CHANGES_TO, new_email)
    async with transaction():
        await execute("UPDATE account SET new_email = $2, new_email_at = $3 WHERE id = $1", viewer.id, new_email, now())
        await tell(News.CONFIRM_NEW_EMAIL, viewer.id)
        await tell(News.EMAIL_CHANGE_ASKED, viewer.id)


async def forget(viewer: Viewer) -> None:
    """The address stays as it is; the link that was sent is dead."""
    await execute("UPDATE account SET new_email = '', new_email_at = NULL WHERE id = $1", viewer.id)


async def asked_for(account_id: int) -> str:
    """The address that waits for its confirmation; "" if none does."""
    row = await fetch_one("SELECT new_email FROM account WHERE id = $1", account_id)
    return str(row["new_email"]) if row else ""


async def link_is_for(viewer: Viewer, token: str) -> str:
    """The new address that the link confirms for this account; the account's own if that has happened already.

    Raises:
        DeadLink: it confirms none, or no more.
    """
    link = opened(Purpose.MOVE, token)
    row = await fetch_one("SELECT email, new_email, new_email_at FROM account WHERE id = $1", viewer.id)
    if row is None or link.account_id != viewer.id:
        raise DeadLink
    if row["new_email"] and link.fits(*state_of(row["new_email"], row["new_email_at"])):
        return str(row["new_email"])
    raise DeadLink


def state_of(new_email: str, asked_at: datetime) -> tuple[str, str]:
    """What the link is bound to: asking for another address, or for the same once more, makes another link."""
    return new_email, asked_at.isoformat()


async def confirm(viewer: Viewer, token: str) -> str:
    """Returns the account's address from now on.

    Raises:
        DeadLink: see there.
        EmailTaken: another account has it by now.
    """
    new_email = await link_is_for(viewer, token)
    try:
        async with transaction():
            changed = await fetch_one(
                """UPDATE account SET email = new_email, new_email = '', new_email_at = NULL, email_confirmed_at = $3
                   WHERE id = $1 AND new_email = $2 AND email = $4 RETURNING id""",
                viewer.id,
                new_email,
                now(),
                viewer.email,
            )
            if changed is None:
                raise DeadLink
            await tell(News.EMAIL_CHANGED, viewer.id, to=viewer.email, name=viewer.name)
            await joining.prove(viewer.id, new_email)
    except UniqueViolationError:
        raise EmailTaken from None
    return new_email
