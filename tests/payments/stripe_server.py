"""A small Stripe on a local port: its API over HTTP, signed webhooks, and its faults.

Written after Stripe's documentation for the pinned version: form-encoded requests, and idempotency by key (the first
answer is kept, failures of its own too; other parameters with the same key are an error).
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.payments.stripe_account import Answer, StripeAccount, Wrong

SECRET_KEY, WEBHOOK_SECRET = "sk_test_of_nobody_at_all", "whsec_of_nobody_at_all"


class StripeServer(StripeAccount):
    """`faults` is what happens to the next requests that change something, one after another: "" | error_before |
    error_after | timeout_after."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.is_away = False
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self._kept: dict[str, tuple[Any, Answer]] = {}
        self._stopped = asyncio.Event()

    async def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[Answer, bool]:
        """An answer, and whether it repeats one."""
        if headers.get("authorization") != f"Bearer {SECRET_KEY}":
            return Wrong("Invalid API Key provided", kind="invalid_request_error", status=401).answer, False
        assert headers.get("stripe-version") == "2026-10-28.endive"
        parts = urlsplit(target)
        query, pairs = dict(parse_qsl(parts.query)), parse_qsl(body.decode())
        key = headers.get("idempotency-key", "")
        if method == "POST" and key in self._kept:
            asked, kept = self._kept[key]
            if asked != (target, pairs):
                mismatch = "Keys for idempotent requests can only be used with the same parameters."
                return Wrong(mismatch, kind="idempotency_error").answer, False
            return kept, True
        expands = {"expand": "1"} if any(name.startswith("expand") for name in query) else {}
        fault = self.faults.pop(0) if method == "POST" and self.faults else ""
        failure = 500, {"error": {"type": "api_error", "message": "Something went wrong on Stripe's end."}}
        try:
            path = parts.path.removeprefix("/v1/").split("/")
            done = failure if fault == "error_before" else self.do(method, path, {**query, **expands}, _nested(pairs))
        except Wrong as wrong:
            return wrong.answer, False  # refused before it began: not kept
        shown: Answer = failure if fault == "error_after" else (done[0], json.loads(json.dumps(done[1])))
        if method == "POST" and key:
            self._kept[key] = (target, pairs), shown
        if fault == "timeout_after":
            await asyncio.wait_for(self._stopped.wait(), 60)
        return shown, False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            if self.is_away:
                return
            first, *lines = head.split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            method, target, _ = first.split(" ")
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.requests.append((method, target, headers))
            (status, told), again = await self.answer(method, target, headers, body)
            sent = json.dumps({name: value for name, value in told.items() if not name.startswith("_")}).encode()
            replayed = "idempotent-replayed: true\r\n" if again else ""
            writer.write(
                f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nrequest-id: req_1\r\n{replayed}"
                f"content-length: {len(sent)}\r\nconnection: close\r\n\r\n".encode()
                + sent
            )
            await writer.drain()
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def stop(self) -> None:
        self._stopped.set()


def _nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """a[b][c]=d as {a: {b: {c: d}}}."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        *outer, last = name.replace("]", "").split("[")
        place = found
        for part in outer:
            place = place.setdefault(part, {})
        place[last] = value
    return found


def signed(event: dict[str, Any], *, secret: str = WEBHOOK_SECRET, at: float | None = None) -> tuple[bytes, str]:
    """A webhook's body, and its header."""
    body, stamp = json.dumps(event).encode(), int(time.time() if at is None else at)
    mac = hmac.new(secret.encode(), b"%d." % stamp + body, hashlib.sha256).hexdigest()
    return body, f"t={stamp},v1={mac}"


@asynccontextmanager
async def running() -> AsyncIterator[tuple[StripeServer, str]]:
    """The server, and the address of its API."""
    stripe = StripeServer()
    server = await asyncio.start_server(stripe.serve, "127.0.0.1", 0)
    yield stripe, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    stripe.stop()
    server.close()
