"""A small closed-loop HTTP/1.1 load generator: each connection sends its next request when the last is answered."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Latencies in seconds, and what was wrong."""

    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000 if ordered else float("nan")


class _Connection(asyncio.Protocol):
    """Keeps one request under way until `deadline`."""

    def __init__(self, request: Callable[[], bytes], tally: Tally, deadline: float, done: asyncio.Future[None]) -> None:
        self.request, self.tally, self.deadline, self.done = request, tally, deadline, done
        self.buffer = b""
        self.sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._send()

    def _send(self) -> None:
        self.sent = time.perf_counter()
        self.transport.write(self.request())

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, separator, body = self.buffer.partition(b"\r\n\r\n")
        if not separator or len(body) < _length(head):
            return
        now = time.perf_counter()
        self.tally.latencies.append(now - self.sent)
        status = int(head[9:12])
        self.tally.statuses[status] = self.tally.statuses.get(status, 0) + 1
        self.buffer = b""
        if now < self.deadline:
            self._send()
        else:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


async def load(port: int, requests: list[Callable[[], bytes]], seconds: float) -> Tally:
    """Run one connection per entry of `requests` against 127.0.0.1:`port` for `seconds`."""
    loop = asyncio.get_running_loop()
    tally, started = Tally(), time.perf_counter()
    over: list[asyncio.Future[None]] = []
    for request in requests:
        done: asyncio.Future[None] = loop.create_future()
        over.append(done)
        protocol = _Connection(request, tally, started + seconds, done)
        await loop.create_connection(lambda protocol=protocol: protocol, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.wait_for(asyncio.gather(*over), seconds + 30)
    tally.seconds = time.perf_counter() - started
    return tally
