"""A forgotten password: a link by mail, and with it a new one. Nobody learns here which addresses have accounts."""

from typing import Any

from app.accounts import admission, confirming, guessing, passwords, tries
from app.accounts.links import DeadLink, Purpose, opened
from app.accounts.telling import News, tell
from app.infra.database import execute, fetch_one, transaction
from app.web.rendering import WebRequest


async def ask(email: str, sender: str) -> None:
    """Send a link to the account with this address, if there is one: with the same steps if there is none.

    Raises:
        TooMany: asked for too often from this network, or for this address, whether it is known or not.
    """
    await tries.count(tries.RESETS_FROM, sender)
    await tries.count(tries.RESETS_FOR, email)
    async with transaction():
        row = await fetch_one("SELECT id FROM account WHERE email = $1", email)
        await tell(News.RESET_PASSWORD, row["id"] if row else None)


async def email_of(token: str) -> str:
    """The address of the account whose password the link changes.

    Raises:
        DeadLink: see there.
    """
    return str((await _account(token))["email"])


async def choose(request: WebRequest, token: str, new: str) -> None:
    """Set the password, end every session, and sign this browser in. Of two at once one succeeds.

    Who reads the account's mail has proved its address with that.

    Raises:
        DeadLink: see there.
    """
    account = await _account(token)
    password_hash = await passwords.hashed(new)
    async with transaction():
        changed = await fetch_one(
            "UPDATE account SET password_hash = $3 WHERE id = $1 AND password_hash = $2 AND email = $4 RETURNING id",
            account["id"],
            account["password_hash"],
            password_hash,
            account["email"],
        )
        if changed is None:
            raise DeadLink
        await execute("DELETE FROM session WHERE account = $1", account["id"])
        await guessing.forget(account["email"])
        await confirming.note_proof(account["id"], account["email"])
        await tell(News.PASSWORD_CHANGED, account["id"])
        begun = await admission.begin(request, account["id"], password_hash, keep=False)
    await admission.remember(request, account["id"], begun, keep=False)


async def _account(token: str) -> dict[str, Any]:
    link = opened(Purpose.RESET, token)
    row = await fetch_one("SELECT id, email, password_hash FROM account WHERE id = $1", link.account_id)
    if row is None or not link.fits(row["email"], row["password_hash"]):
        raise DeadLink
    return dict(row)
