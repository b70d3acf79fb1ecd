"""Who may see the supplier's desk: the people of a supplier, each their own."""

from litestar.exceptions import NotFoundException

from app.accounts.sessions import Viewer, required
from app.accounts.tables import Role
from app.web.rendering import WebRequest


async def own_desk(request: WebRequest) -> tuple[Viewer, int]:
    """Who is signed in, and the supplier whose desk it is.

    Raises:
        SignInNeeded: nobody is.
        PermissionDeniedException: the account is no supplier's.
        NotFoundException: it is one's of whom nothing is left.
    """
    viewer = await required(request, Role.SUPPLIER)
    if viewer.supplier_id is None:
        raise NotFoundException
    return viewer, viewer.supplier_id
