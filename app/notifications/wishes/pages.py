"""Stopping mails about wishlists, without signing in: a page that asks, and the one click of mail programs (RFC 8058).

GET changes nothing: scanners of mail open every link.
"""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException

from app.notifications.wishes.stopping import PATH, account_of_key
from app.web.rendering import WebRequest, page
from app.wishlists.telling import silence


@get(PATH)
async def ask(request: WebRequest) -> Response[str]:
    _account(request)
    return await page(request, "mails/stop.html", key=request.query_params["key"], is_done=False)


@post(PATH, status_code=200)
async def stop(request: WebRequest) -> Response[Any]:
    """What the form sends does not matter; again, it is done already."""
    await silence(_account(request))
    return await page(request, "mails/stop.html", key="", is_done=True)


def _account(request: WebRequest) -> int:
    """Raises NotFoundException: the key in the address is not ours."""
    found = account_of_key(request.query_params.get("key", ""))
    if found is None:
        raise NotFoundException
    return found


handlers = [ask, stop]
