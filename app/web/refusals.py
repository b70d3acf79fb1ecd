"""What programs are told when a request of theirs is not taken: problem details as RFC 9457 has them, never a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import msgspec
from litestar import Response
from litestar.exceptions import HTTPException

from app.web.rendering import WebRequest

PLACE = "/api/"
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 20

# Where the exception that Litestar raises has no words for a person.
_WORDS = {
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
    413: "The body is too large.",
    500: "A fault on our side. We have been told of it.",
    503: "The shop is not answering. Send the request again in a moment.",
}


@dataclass(frozen=True)
class Wrong:
    """One thing to mend. `field` and `value` are as they were sent, "" where the reason is about no field."""

    field: str
    value: str
    reason: str
    advice: str = ""


class Refused(HTTPException):
    """A program's request is not taken: `detail` is a sentence, `errors` say what to mend field by field."""

    def __init__(
        self, status: int, detail: str, errors: Sequence[Wrong] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status_code=status, detail=detail, headers=dict(headers or {}))
        self.errors = errors


def is_for_programs(request: WebRequest) -> bool:
    return request.scope["path"].startswith(PLACE)


def problem_of(request: WebRequest, error: HTTPException) -> Response[bytes]:
    """An exception as its answer. Only our own words are told; of a fault nothing is."""
    own = isinstance(error, Refused) or error.status_code in (400, 403)
    detail = error.detail if own else ""
    errors = error.errors if isinstance(error, Refused) else ()
    return problem(request, error.status_code, detail, errors, error.headers)


def problem(
    request: WebRequest,
    status: int,
    detail: str = "",
    errors: Sequence[Wrong] = (),
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    title = HTTPStatus(status).phrase
    said = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": writable(detail or _WORDS.get(status, title)),
        "reference": request.scope["state"].get("reference", ""),
        "errors": [{name: writable(text) for name, text in vars(wrong).items()} for wrong in errors],
    }
    waiting = {"retry-after": str(RETRY_AFTER_SECONDS)} if status in (429, 503) else {}
    return Response(
        msgspec.json.encode(said),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers={"cache-control": "no-store", **waiting, **(headers or {})},
    )


def writable(text: str) -> str:
    """Text that JSON can carry: half a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode()
