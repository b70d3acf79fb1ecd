"""A web server of somebody we know nothing about: it says, byte by byte, what a test wants it to say."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Asked:
    """One request as it came; `headers` have lower-case names."""

    path: str
    headers: dict[str, str]


Behaviour = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Stranger:
    """What stands at each path, and who has asked so far."""

    port: int = 0
    greeting: bytes = b""  # said before anything is asked
    asked: list[Asked] = field(default_factory=list)
    pages: dict[str, Behaviour | bytes] = field(default_factory=dict)

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(self.greeting)
            asked = _read(await reader.readuntil(b"\r\n\r\n"))
            self.asked.append(asked)
            page = self.pages.get(asked.path, b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
            if isinstance(page, bytes):
                writer.write(page)
                await writer.drain()
            else:
                await page(writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the other side has had enough
        finally:
            writer.close()


def _read(head: bytes) -> Asked:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return Asked(first.split(" ")[1], {name.lower(): value.strip() for name, _, value in pairs})


def page(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    head = "\r\n".join((f"HTTP/1.1 {status}", *headers, f"content-length: {len(body)}"))
    return head.encode("latin-1") + b"\r\n\r\n" + body


def redirect(location: str) -> bytes:
    return page(b"", f"location: {location}", status="302 Found")


@asynccontextmanager
async def stranger(tls: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> AsyncIterator[Stranger]:
    """A server on a free port of this machine, until the block ends."""
    made = Stranger()
    tasks: set[asyncio.Task] = set()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(made.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(serve, address, 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
