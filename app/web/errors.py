"""Every failure becomes a page with words that help (for programs a problem in JSON); details go to the log, under a
reference."""

from http import HTTPStatus
from typing import Any

import asyncpg
from litestar import Response
from litestar.enums import MediaType
from litestar.exceptions import ClientException, HTTPException, InternalServerException

from app.infra.logs import log
from app.infra.outages import DatabaseUnavailable
from app.web.cross_site import CrossSite
from app.web.refusals import is_for_programs, problem, problem_of
from app.web.rendering import WebRequest, environment, is_htmx, render

RETRY_AFTER_SECONDS = 20
# What the shopper may read of an exception's own words; the rest are ours.
TELLING = {400, 409, 413, 422, 429}


# The page that opens again by itself would ask for the address of a form with GET, and lose what was typed.
SEND_AGAIN = "The shop is not answering. Go back in a moment and send the form again: what you typed is still there."


async def error_page(request: WebRequest, status: int, detail: str = "") -> Response[str]:
    if status == HTTPStatus.SERVICE_UNAVAILABLE and request.method != "GET":
        detail = SEND_AGAIN
    context: dict[str, Any] = {
        "status": status,
        "title": "",  # the template has words of our own
        "detail": detail,
        "can_reload": request.method == "GET",
        "reference": request.scope["state"].get("reference", ""),
    }
    headers = {"cache-control": "no-store", "vary": "HX-Request"}
    if status in (429, 503):
        headers["retry-after"] = str(RETRY_AFTER_SECONDS)
    return Response(
        await _body(request, status, context), media_type=MediaType.HTML, status_code=status, headers=headers
    )


async def _body(request: WebRequest, status: int, context: dict[str, Any]) -> str:
    if is_htmx(request):
        return environment().get_template("errors/_fragment.html").render(context)
    if status != HTTPStatus.SERVICE_UNAVAILABLE or request.method != "GET":
        try:
            return await render(request, "errors/error.html", **context)
        except DatabaseUnavailable:
            pass  # the header needs the database: say it without one
        except Exception as error:  # noqa: BLE001 - whatever broke the page may break its header, too
            log("web").error("no error page", exc_info=error)
    return environment().get_template("errors/down.html").render(context)


class ErrorPage(Response[str]):
    """Litestar wants an error's answer at once; this one is written when it is sent, because a page needs queries."""

    def __init__(self, status: int, detail: str = "") -> None:
        super().__init__("", status_code=status)
        self.status = status
        self.detail = detail

    def to_asgi_response(self, request: WebRequest, **_: Any) -> Any:  # type: ignore[override]
        async def send_page(scope: Any, receive: Any, send: Any) -> None:
            answer = await error_page(request, self.status, self.detail)
            await answer.to_asgi_response(app=None, request=request)(scope, receive, send)

        return send_page


OVERTAKEN = "What this belongs to was changed or removed elsewhere at the same moment, so nothing was done. Look again."
BROKE_OFF = "The request broke off before its end."


def on_http_error(request: WebRequest, error: HTTPException) -> Response[Any]:
    if isinstance(error, InternalServerException) and request.scope["state"].get("broke_off"):
        error = ClientException(BROKE_OFF)  # Litestar calls it a fault of ours
    if error.status_code >= 500:
        log("web").error("request failed", exc_info=error)
    if is_for_programs(request):
        return problem_of(request, error)
    status, detail = error.status_code, error.detail
    tells = isinstance(error, CrossSite) or (status in TELLING and detail != HTTPStatus(status).phrase)
    return ErrorPage(status, detail if tells else "")


def on_database_down(request: WebRequest, error: DatabaseUnavailable) -> Response[Any]:
    log("web").error("database unavailable", error=str(error))
    return problem(request, 503) if is_for_programs(request) else ErrorPage(503)


def on_overtaken(request: WebRequest, error: asyncpg.ForeignKeyViolationError) -> Response[Any]:
    """Nothing of the transaction counts, because a row that it leans on went while it ran: an account was deleted, a
    cart was taken over at sign-in."""
    log("web").error("overtaken", exc_info=error)
    return problem(request, 409, OVERTAKEN) if is_for_programs(request) else ErrorPage(409, OVERTAKEN)


def on_deadlock(request: WebRequest, error: asyncpg.DeadlockDetectedError) -> Response[Any]:
    """Two transactions waited for each other, and PostgreSQL has ended this one: sent again, it goes through."""
    log("web").error("deadlock", exc_info=error)
    return problem(request, 503) if is_for_programs(request) else ErrorPage(503)


def on_unexpected(request: WebRequest, error: Exception) -> Response[Any]:
    log("web").error("unexpected", exc_info=error)
    return problem(request, 500) if is_for_programs(request) else ErrorPage(500)


HANDLERS: dict[Any, Any] = {
    HTTPException: on_http_error,
    DatabaseUnavailable: on_database_down,
    asyncpg.ForeignKeyViolationError: on_overtaken,
    asyncpg.DeadlockDetectedError: on_deadlock,
    Exception: on_unexpected,
}
