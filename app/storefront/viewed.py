"""The products that a browser looked at last, in a cookie of its own: no name stands in it, and nobody else keeps it.

Of who has an account, or a cart or a list, it is kept with those, too (`app/activity`).
"""

import re

from litestar import post
from litestar.response import Redirect

from app.accounts.owners import owner_of
from app.activity import keeping
from app.activity.choices import is_off_here
from app.activity.noting import key_of, noted
from app.web import forms
from app.web.cookies import QUARTER, delete_cookie, is_robot, set_cookie, wants_no_record
from app.web.flashes import flash
from app.web.paths import local_path
from app.web.rendering import WebRequest

COOKIE = "feira_viewed"
MOST = 12

_IDS = re.compile(r"[1-9][0-9]{0,17}(\.[1-9][0-9]{0,17}){0,30}")


def viewed(request: WebRequest) -> list[int]:
    """Products (ids), the newest first; none where the cookie says nonsense."""
    sent = request.cookies.get(COOKIE, "")
    return [int(each) for each in sent.split(".")][:MOST] if _IDS.fullmatch(sent) else []


def remember(request: WebRequest, product: int) -> None:
    """Keep that the product was looked at, unless the browser says that nothing shall be kept, or its owner did."""
    if wants_no_record(request) or is_robot(request) or is_off_here(request):
        return
    before = viewed(request)
    if before[:1] != [product]:
        last = [product, *(each for each in before if each != product)][:MOST]
        set_cookie(request, COOKIE, ".".join(map(str, last)), QUARTER)


@post("/viewed/removal", status_code=303)
async def forget_viewed(request: WebRequest) -> Redirect:
    values = await forms.read(request)
    delete_cookie(request, COOKIE)
    if owner := await owner_of(request):
        noted().forget(key_of(owner.account, owner.visitor))
        await keeping.forget_views(owner)
    flash(request, "good", "What you looked at is forgotten.")
    return Redirect(local_path(values.get("next")), status_code=303)


handlers = [forget_viewed]
