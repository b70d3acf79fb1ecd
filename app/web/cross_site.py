"""Refuses what another site caused a browser to send: Fetch Metadata, else Origin against Host.

No token stands in a page, so that anonymous pages are the same bytes for everyone.
"""

from litestar import Request
from litestar.datastructures import Headers
from litestar.exceptions import PermissionDeniedException

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def is_cross_site(method: str, headers: Headers) -> bool:
    """Whether a browser says that another site caused this unsafe request (Fetch Metadata, else Origin against Host).

    A client that sends neither is no browser acting for a visitor.
    """
    if method in SAFE_METHODS:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")


class CrossSite(PermissionDeniedException):
    """Another site caused a request that changes something."""

    detail = "This form was sent from another site, so it was not taken. Open the page here and send it again."


async def refuse_cross_site(request: Request) -> None:
    """Before every handler.

    Raises:
        CrossSite: another site caused this unsafe request.
    """
    if is_cross_site(request.method, request.headers):
        raise CrossSite
