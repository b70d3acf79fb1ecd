"""Who may see these pages: operators."""

from app.accounts.sessions import Viewer, required
from app.accounts.tables import Role
from app.web.rendering import WebRequest


async def operator(request: WebRequest) -> Viewer:
    """Who is signed in.

    Raises:
        SignInNeeded: nobody is.
        PermissionDeniedException: the account is not an operator's.
    """
    return await required(request, Role.OPERATOR)
