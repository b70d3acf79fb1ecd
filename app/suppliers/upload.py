"""A feed's file, read as it comes, in the upload form or as a body of its own: it goes to disk piece by piece."""

import errno
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus

from litestar.exceptions import ClientException, InternalServerException
from multipart import MultipartError, MultipartSegment, PushMultipartParser

from app.infra.settings import settings
from app.suppliers.arriving import Arrival, TooLarge
from app.web.rendering import WebRequest

FIELD_BYTES = 1_000
PARTS = 20
MODES = ("full", "delta")
YES_OR_NO = {"": False, "false": False, "true": True}


class UploadRefused(Exception):
    """The form cannot be taken; `sentence` says why, beside `field`."""

    def __init__(self, sentence: str, status: int = 422, field: str = "file") -> None:
        super().__init__(sentence)
        self.sentence, self.status, self.field = sentence, status, field


@dataclass
class Form:
    """What came beside the file's bytes."""

    filename: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def mode(self) -> str:
        return self.fields.get("mode", "full")

    @property
    def dry_run(self) -> bool:
        return YES_OR_NO.get(self.fields.get("dry_run", ""), False)


async def read_upload(request: WebRequest, arrival: Arrival) -> Form:
    """Stream the form's file into `arrival`.

    Raises:
        UploadRefused: no file, too large, broken off, a full disk, an unknown mode or dry_run.
    """
    with _refusing():
        form = await _read(request, arrival)
    if not form.filename:
        raise UploadRefused("Choose a file to send")
    if form.mode not in MODES:
        raise UploadRefused("Choose what the file is: all of your products, or only changes", field="mode")
    if form.fields.get("dry_run", "") not in YES_OR_NO:
        raise UploadRefused("Say true or false: whether we only show what would change", field="dry_run")
    return form


async def read_body(request: WebRequest, arrival: Arrival) -> None:
    """Stream a body that is the file itself into `arrival`.

    Raises:
        UploadRefused: nothing came, too large, broken off, a full disk.
    """
    with _refusing():
        _refuse_by_length(request, settings().feed_max_bytes)
        async for chunk in _chunks(request):
            arrival.write(chunk)
    if not arrival.size:
        raise UploadRefused("There is no file in this request")


@contextmanager
def _refusing() -> Iterator[None]:
    """What may go wrong while bytes come in, as UploadRefused."""
    try:
        yield
    except TooLarge:
        raise _too_large() from None
    except (
        MultipartError,
        ClientException,
        InternalServerException,
        UnicodeError,
    ):  # the third: nobody listens any more
        raise UploadRefused("The upload broke off before its end. Please send the file again.") from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        status = HTTPStatus.SERVICE_UNAVAILABLE
        raise UploadRefused("We have no room for this file just now. Please send it again later.", status) from None


def _refuse_by_length(request: WebRequest, most: int) -> None:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise _too_large()


async def _read(request: WebRequest, arrival: Arrival) -> Form:
    boundary = _boundary(request.headers.get("content-type", ""))
    if not boundary:
        raise UploadRefused("Choose a file to send")
    _refuse_by_length(request, settings().feed_max_bytes + FIELD_BYTES * PARTS)
    form = Form()
    reader = _Segments(form, arrival)
    with PushMultipartParser(boundary, max_segment_count=PARTS) as parser:
        async for chunk in _chunks(request):
            for event in parser.parse(chunk):
                reader.take(event)
    return form


async def _chunks(request: WebRequest) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        if chunk:
            yield chunk


class _Segments:
    """Puts the parser's events where they belong."""

    def __init__(self, form: Form, arrival: Arrival) -> None:
        self._form, self._arrival = form, arrival
        self._segment: MultipartSegment | None = None
        self._text = b""

    def take(self, event: object) -> None:
        if isinstance(event, MultipartSegment):
            self._segment, self._text = event, b""
            if event.name == "file" and event.filename:
                if self._form.filename:
                    raise UploadRefused("Send one file at a time")
                self._form.filename = event.filename
        elif self._segment is None:
            return
        elif isinstance(event, bytes | bytearray):
            self._take_bytes(bytes(event), self._segment)
        elif self._segment.filename is None and self._segment.name:
            self._form.fields[self._segment.name] = self._text.decode("utf-8", "replace").strip()

    def _take_bytes(self, data: bytes, segment: MultipartSegment) -> None:
        if segment.name == "file" and segment.filename:
            self._arrival.write(data)
        elif len(self._text) + len(data) <= FIELD_BYTES:
            self._text += data


def _boundary(content_type: str) -> str:
    message = Message()
    message["content-type"] = content_type
    boundary = message.get_param("boundary", "")
    is_form = message.get_content_type() == "multipart/form-data"
    return boundary if is_form and isinstance(boundary, str) and "\n" not in boundary else ""


def _too_large() -> UploadRefused:
    limit = shown_size(settings().feed_max_bytes)
    sentence = f"This file is larger than {limit}. Send it packed with gzip, or in several parts."
    return UploadRefused(sentence, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def shown_size(count: int) -> str:
    """2147483648 → "2 GB"."""
    for unit, size in (("GB", 1024**3), ("MB", 1024**2), ("KB", 1024)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} bytes"
