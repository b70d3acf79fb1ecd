"""In development there is no mail server: mails are read here, by whoever sits at the machine.

They hold links that open accounts. So these pages are there only while no mail server is set, the shop listens on this
machine alone and says so in its address, and the browser asked for it by such an address, through no proxy. Otherwise
they are not there, and operators look at /admin/mails.
"""

from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from app.infra.sealing import CannotUnseal
from app.infra.settings import settings
from app.notifications import desk
from app.notifications.desk import Shown
from app.notifications.showing import html_answer
from app.web import forms, senders
from app.web.rendering import WebRequest, page

OUTBOX = "/outbox"


def has_outbox() -> bool:
    """Whether this shop is one in development, as far as its settings tell."""
    return senders.serves_this_machine_alone() and not settings().smtp_host


def require_outbox(request: WebRequest) -> None:
    """Raises NotFoundException: this is not development, or not somebody at this machine."""
    if not has_outbox() or not senders.is_this_machine(request):
        raise NotFoundException


@get(OUTBOX)
async def show_outbox(request: WebRequest) -> Response[str]:
    require_outbox(request)
    found = await desk.mails(before=forms.number(request.query_params.get("before", "")))
    return await page(request, "mails/outbox.html", found=found)


@get(OUTBOX + "/{mail_id:int}")
async def show_mail(request: WebRequest, mail_id: FromPath[int]) -> Response[str]:
    require_outbox(request)
    return await page(request, "mails/outbox_mail.html", mail=await _whole(mail_id))


@get(OUTBOX + "/{mail_id:int}/html")
async def show_html(request: WebRequest, mail_id: FromPath[int]) -> Response[Any]:
    require_outbox(request)
    return html_answer(request, (await _whole(mail_id)).html)


async def _whole(mail_id: int) -> Shown:
    try:
        return await desk.whole(mail_id)
    except LookupError:
        raise NotFoundException from None
    except CannotUnseal:  # its links are lost; the rest is worth reading
        return await desk.mail(mail_id)


handlers = [show_outbox, show_mail, show_html]
