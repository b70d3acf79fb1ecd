"""Fetching what stands at a stranger's address, within limits of time, size and direction."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cache

import httpcore
import httpx

from app.infra.outward.body import Body, too_large
from app.infra.outward.connecting import Pinned, checked_addresses
from app.infra.outward.destinations import Destination, destination
from app.infra.outward.refusal import OutwardFailed, OutwardRefused

REDIRECTS = 5
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 60.0  # from asking to the end of the headers, however busily they come
PAUSE_SECONDS = 20.0  # in which nothing at all comes
REDIRECTING = {301, 302, 303, 307, 308}
SECRET_HEADERS = {"authorization", "cookie", "proxy-authorization"}


@dataclass(frozen=True)
class Answer:
    """What the last server said.

    `headers` have lower-case names; `url` is where the redirects led; `size` is what `into` was given, in bytes.
    """

    status: int
    headers: Mapping[str, str]
    url: str
    size: int


@cache
def tls() -> ssl.SSLContext:
    """Who is trusted to vouch for a server's name. Tests put another one in its place."""
    return httpx.create_ssl_context(trust_env=False)


async def download(
    url: str,
    into: Callable[[bytes], object],
    *,
    max_bytes: int,
    seconds: float,
    headers: Mapping[str, str] | None = None,
    accept: Sequence[str] = (),
) -> Answer:
    """GET `url` and hand its body, unpacked, to `into` piece by piece.

    Only the body of a 200 is read; the caller looks at the status of any other answer. `accept` names media types
    ("image/*"): the server is told, and what says it is something else is not read. Secret headers (Authorization,
    Cookie) are not sent on to another host. What came before a refusal has been handed to `into` already.

    Raises:
        OutwardRefused: we do not fetch this, or no further; OutwardFailed, a kind of it: another time it may work.
        Whatever `into` raises.
    """
    sent = {name.lower(): value for name, value in (headers or {}).items()}
    try:
        async with asyncio.timeout(seconds) as deadline:
            return await _follow(destination(url), _Wanted(into, max_bytes, tuple(accept)), sent)
    except TimeoutError:
        if not deadline.expired():
            raise
        raise OutwardFailed(f"The server was not done after {seconds:g} seconds.") from None


@dataclass(frozen=True)
class _Wanted:
    into: Callable[[bytes], object]
    max_bytes: int
    accept: tuple[str, ...]


async def _follow(place: Destination, wanted: _Wanted, headers: dict[str, str]) -> Answer:
    for _ in range(REDIRECTS + 1):
        async with _asked(place, wanted, headers) as (answer, response):
            location = answer.headers.get("location", "")
            if answer.status not in REDIRECTING or not location:
                return await _read(answer, response, wanted)
        following = destination(location, place.url)
        if place.scheme == "https" and following.scheme != "https":
            raise OutwardRefused("The server sends us on from a secure address to one that is not.")
        if not _same_host(place, following):
            headers = {name: value for name, value in headers.items() if name not in SECRET_HEADERS}
        place = following
    raise OutwardRefused("The server sends us on from one address to the next without an end.")


def _same_host(first: Destination, second: Destination) -> bool:
    made_secure = (first.scheme, first.port, second.scheme, second.port) == ("http", 80, "https", 443)
    return first.host == second.host and (made_secure or (first.scheme, first.port) == (second.scheme, second.port))


@asynccontextmanager
async def _asked(
    place: Destination, wanted: _Wanted, headers: dict[str, str]
) -> AsyncIterator[tuple[Answer, httpcore.Response]]:
    """One request on a connection of its own, to an address that has been checked."""
    network = Pinned(await checked_addresses(place))
    sent = {
        **headers,
        "host": place.host_header,
        "user-agent": "Feira",
        "accept": ", ".join(wanted.accept) or "*/*",
        "accept-encoding": "identity",
        "connection": "close",
    }
    url = httpcore.URL(scheme=place.scheme, host=place.host, port=place.port, target=place.target)
    times = {"connect": CONNECT_SECONDS, "read": PAUSE_SECONDS, "write": CONNECT_SECONDS, "pool": CONNECT_SECONDS}
    try:
        async with (
            httpcore.AsyncConnectionPool(ssl_context=tls(), network_backend=network, max_connections=1) as pool,
            _answered(pool.stream("GET", url, headers=_encoded(sent), extensions={"timeout": times})) as response,
        ):
            yield Answer(response.status, _decoded(response.headers), place.url, 0), response
    except _FAILURES as error:
        raise _failure(error, place.host) from None


@asynccontextmanager
async def _answered(stream: AbstractAsyncContextManager[httpcore.Response]) -> AsyncIterator[httpcore.Response]:
    """The answer, as soon as its headers are whole.

    Raises:
        OutwardFailed: they are not, after ANSWER_SECONDS.
    """
    async with AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(ANSWER_SECONDS) as deadline:
                response = await stack.enter_async_context(stream)
        except TimeoutError:
            if not deadline.expired():
                raise
            raise OutwardFailed("The server does not come to the point: it sends headers without an end.") from None
        yield response


async def _read(answer: Answer, response: httpcore.Response, wanted: _Wanted) -> Answer:
    if answer.status != 200:
        return answer
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and wanted.accept and not any(_fits(kind, pattern) for pattern in wanted.accept):
        raise OutwardRefused(f"The server sends something else than we look for ({kind[:60]}).")
    length = answer.headers.get("content-length", "")
    if length.isdecimal() and int(length) > wanted.max_bytes:
        raise too_large(wanted.max_bytes)
    body = Body(wanted.into, wanted.max_bytes, answer.headers.get("content-encoding", "").strip().lower())
    async for chunk in response.aiter_stream():
        body.take(chunk)
    body.end()
    return Answer(answer.status, answer.headers, answer.url, body.size)


def _fits(kind: str, pattern: str) -> bool:
    return pattern in (kind, "*/*") or (pattern.endswith("/*") and kind.startswith(pattern[:-1]))


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    try:
        return [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]
    except UnicodeEncodeError:
        raise OutwardRefused("A name or password for the server has letters that cannot be sent.") from None


def _decoded(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """By lower-case name; one that came several times is joined as HTTP says."""
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


_FAILURES = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, ssl.SSLError)


def _failure(error: Exception, host: str) -> OutwardFailed:
    causes = (error, error.__cause__, error.__context__)
    if any(isinstance(cause, ssl.SSLError | ssl.CertificateError) for cause in causes):
        return OutwardFailed(f"{host} could not prove who it is: its certificate or its TLS does not work.")
    if isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout):
        return OutwardFailed(f"{host} could not be reached.")
    if isinstance(error, httpcore.TimeoutException):
        return OutwardFailed(f"{host} stopped answering.")
    if isinstance(error, httpcore.ProtocolError):
        return OutwardFailed(f"{host} does not answer as a web server does, or broke off before the end.")
    return OutwardFailed(f"The connection to {host} broke off.")
