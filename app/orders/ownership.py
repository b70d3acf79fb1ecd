"""Who may see an order: its account, its guest's cookie, who holds its link, an operator. To others it is not there."""

from litestar.exceptions import NotFoundException

from app.accounts.owners import owner_of
from app.accounts.sessions import account_of
from app.accounts.tables import Role
from app.infra.database import execute, fetch_one
from app.orders.links import is_known
from app.orders.numbers import number_of
from app.web.rendering import WebRequest


async def order_id_for(request: WebRequest, number: str) -> int:
    """The id of the order with that number.

    Raises:
        NotFoundException: there is none, or it is not for the eyes of who asks; the two look the same.
    """
    viewer, owner = await account_of(request), await owner_of(request)
    row = await fetch_one(
        """SELECT id FROM shop_order WHERE id = (SELECT "order" FROM order_key WHERE number = $1)
           AND ($2 OR account = $3 OR (account IS NULL AND visitor = $4))""",
        number_of(number),
        (viewer is not None and viewer.role == Role.OPERATOR) or is_known(request, number_of(number)),
        owner.account if owner else None,
        owner.visitor if owner else None,
    )
    if row is None:
        raise NotFoundException
    return int(row["id"])


async def order_numbered(number: str) -> int:
    """The id of the order with that number, for operators.

    Raises:
        LookupError: there is none.
    """
    row = await fetch_one('SELECT "order" FROM order_key WHERE number = $1', number_of(number))
    if row is None:
        raise LookupError(f"there is no order {number!r}")
    return int(row["order"])


async def attach(visitor: bytes, account_id: int) -> None:
    """A guest's orders become the account's when the guest signs in; the cookie alone shows them no longer."""
    await execute(
        "UPDATE shop_order SET account = $2, visitor = NULL WHERE visitor = $1 AND account IS NULL", visitor, account_id
    )


async def attach_by_email(account_id: int, email: str) -> None:
    """What guests bought with an address becomes the account's that has proved to read its mail. An order that is being
    paid at this moment stays with the browser that pays it, until the account signs in the next time.
    """
    await execute(
        """UPDATE shop_order SET account = $1, visitor = NULL
           WHERE lower(email) = $2 AND account IS NULL AND state <> 'pending'""",
        account_id,
        email,
    )
