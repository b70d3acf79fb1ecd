"""From a name to a connection: looked up once, every answer checked, and connected to exactly what was checked.

Nothing asks for the name a second time, so a name that changes its answer (DNS rebinding) gains nothing.
"""

import asyncio
import socket
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import httpcore

from app.infra.outward.addresses import is_outer
from app.infra.outward.allowed import allowed
from app.infra.outward.destinations import INNER, Destination
from app.infra.outward.refusal import OutwardFailed, OutwardRefused

RESOLVE_SECONDS = 10.0
MOST_ADDRESSES = 4  # tried one after another

# A slow name server holds these threads, and none that the rest of the program waits for.
_THREADS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="resolve")


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a name. Tests put another one in its place.

    Raises:
        OSError: the name is not known, or nobody could be asked.
    """
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(
        _THREADS, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    )
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


async def checked_addresses(place: Destination) -> Sequence[str]:
    """Where `place` may be reached.

    Raises:
        OutwardRefused: one of its addresses is an inner one.
        OutwardFailed: the name is not known just now.
    """
    found = [place.host] if place.is_address else await _looked_up(place)
    if allowed().place(place.host, place.port):
        return found
    if not all(is_outer(address) or allowed().address(address) for address in found):
        raise OutwardRefused(INNER)
    return found


async def _looked_up(place: Destination) -> Sequence[str]:
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await resolve(place.host, place.port)
    except (OSError, UnicodeError):  # of which a time-out is one
        found = []
    if not found:
        raise OutwardFailed(f"We could not find the server {place.host}.")
    return found


class Pinned(httpcore.AsyncNetworkBackend):
    """Connects to the given addresses, whatever name is asked for; TLS still checks the name."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses[:MOST_ADDRESSES]
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (the name is httpcore's)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._addresses:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)
