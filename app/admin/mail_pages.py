"""The shop's mails: which wait, were sent or failed; each one; sending it again."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from app.admin.access import operator
from app.infra.queue import enqueue
from app.infra.settings import settings
from app.notifications import desk
from app.notifications.desk import Shown
from app.notifications.sending import send_again
from app.notifications.showing import html_answer
from app.notifications.tables import MailState
from app.notifications.writing import JOB
from app.web import forms
from app.web.flashes import flash
from app.web.rendering import WebRequest, page

LIST = "/admin/mails"


@get(LIST)
async def show_mails(request: WebRequest) -> Response[str]:
    await operator(request)
    asked = request.query_params
    state = next((each for each in MailState if each == asked.get("state")), None)
    recipient = forms.clean(asked.get("recipient", ""))[:254]
    found = await desk.mails(state, recipient, forms.number(asked.get("before", "")))
    return await page(
        request,
        "admin/mails.html",
        found=found,
        state=state,
        recipient=recipient,
        is_sending=bool(settings().smtp_host),
    )


@get(LIST + "/{mail_id:int}")
async def show_mail(request: WebRequest, mail_id: FromPath[int]) -> Response[str]:
    await operator(request)
    found = await _found(mail_id)
    return await page(request, "admin/mail.html", mail=found)


@get(LIST + "/{mail_id:int}/html")
async def show_html(request: WebRequest, mail_id: FromPath[int]) -> Response[Any]:
    await operator(request)
    return html_answer(request, (await _found(mail_id)).html)


@post(LIST + "/{mail_id:int}/sending", status_code=303)
async def send(request: WebRequest, mail_id: FromPath[int]) -> Response[Any]:
    await operator(request)
    found = await _found(mail_id)
    if await send_again(found.id):
        await enqueue(JOB)
        flash(request, "good", "It waits to be sent again.")
    else:
        flash(request, "warn", "It waits to be sent anyway. Nothing was done.")
    return Redirect(f"{LIST}/{found.id}", status_code=303)


async def _found(mail_id: int) -> Shown:
    try:
        return await desk.mail(mail_id)
    except LookupError:
        raise NotFoundException from None


handlers = [show_mails, show_mail, show_html, send]
