"""An e-mail address is confirmed by who can do both: read its mail, and sign in to the account.

So somebody who signs up with another's address gets nowhere by that person's careless click: the link asks for the
account's password first. What hangs on a confirmed address: orders that guests placed with it become the account's.
"""

from app.accounts import joining, tries
from app.accounts.links import DeadLink, Purpose, opened
from app.accounts.sessions import Viewer
from app.accounts.telling import News, tell
from app.infra.clock import now
from app.infra.database import fetch_one, transaction


async def ask_again(viewer: Viewer) -> None:
    """Send the link once more; nothing for an address that is confirmed.

    Raises:
        TooMany: several were sent within the hour.
    """
    if viewer.email_confirmed:
        return
    await tries.count(tries.MAILS_TO_CONFIRM, str(viewer.id))
    async with transaction():
        await tell(News.CONFIRM_EMAIL, viewer.id)


def link_is_for(viewer: Viewer, token: str) -> None:
    """Return if the link confirms this account's address.

    Raises:
        DeadLink: it does not, or no more.
    """
    link = opened(Purpose.CONFIRM, token)
    if link.account_id != viewer.id or not link.fits(viewer.email):
        raise DeadLink


async def confirm(viewer: Viewer, token: str) -> None:
    """A second time nothing happens.

    Raises:
        DeadLink: see there.
    """
    link_is_for(viewer, token)
    async with transaction():
        await note_proof(viewer.id, viewer.email)


async def note_proof(account_id: int, email: str) -> bool:
    """The account has proved that it reads mail to `email`, in the running transaction: False if it has it no more."""
    row = await fetch_one(
        """UPDATE account SET email_confirmed_at = coalesce(email_confirmed_at, $3)
           WHERE id = $1 AND email = $2 RETURNING id""",
        account_id,
        email,
        now(),
    )
    if row is None:
        return False
    await joining.prove(account_id, email)
    return True
