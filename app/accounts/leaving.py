"""An account is deleted at once, when its owner says so with the password: its row goes, and with it what hangs on it.

Orders are kept, because tax law asks for them, but without the account, the e-mail address and the telephone number.
Carts and orders stand above accounts, so they are called through lists that the application's assembly fills.
"""

from collections.abc import Awaitable, Callable

from asyncpg.exceptions import ForeignKeyViolationError, RestrictViolationError

from app.accounts import admission, guessing
from app.accounts.sessions import Viewer
from app.accounts.tables import Role
from app.accounts.telling import News, tell
from app.infra.database import execute, fetch_one, transaction

# Takes (account id, its e-mail address), inside the transaction that deletes.
Step = Callable[[int, str], Awaitable[object]]

# What must wait for us, or we for it, before the account itself is locked: an order that is being placed holds the
# cart first and the account later, and so do we.
on_holding: list[Step] = []
on_deletion: list[Step] = []

AN_OPERATOR = (
    "You act for the shop, and your decisions are kept with your name. Another operator has to release you first"
)
ON_RECORD = "This account has acted for the shop or a supplier, which is kept with its name. Write to us: we find a way"


class CannotLeave(Exception):
    """The account cannot be deleted now; the message is a sentence that says why, and what to do."""


def why_not(viewer: Viewer) -> str:
    """Why an account of this role cannot be deleted; "" for one that can."""
    if viewer.role == Role.OPERATOR:
        return AN_OPERATOR
    if viewer.supplier_id is not None:
        return (
            f"This account speaks for {viewer.supplier_name}, which has offers and orders here. "
            "Write to us, so that we close the supplier first"
        )
    return ""


async def delete(viewer: Viewer, password: str) -> None:
    """Delete the account for good.

    Raises:
        WrongPassword, Paused: about the password.
        CannotLeave: see there.
    """
    if refusal := why_not(viewer):
        raise CannotLeave(refusal)
    await admission.recognise(viewer.email, password, viewer.browser)
    try:
        async with transaction():
            for step in on_holding:
                await step(viewer.id, viewer.email)
            row = await fetch_one(
                "SELECT email, name FROM account WHERE id = $1 AND supplier IS NULL AND role = $2 FOR UPDATE",
                viewer.id,
                Role.SHOPPER,
            )
            if row is None:
                raise CannotLeave(ON_RECORD)
            for step in on_deletion:
                await step(viewer.id, row["email"])
            await execute("DELETE FROM account WHERE id = $1", viewer.id)
            await guessing.forget(row["email"])
            await tell(News.DELETED, viewer.id, to=row["email"], name=row["name"])
    except (ForeignKeyViolationError, RestrictViolationError):
        raise CannotLeave(ON_RECORD) from None
