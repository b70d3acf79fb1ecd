"""A real mail server that keeps what it is given, and can be told to be difficult."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from app.infra.settings import settings


@dataclass
class Mailbox:
    """`answers`: what is answered to the next mails instead of 250, each once; "hang" answers nothing."""

    port: int
    received: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    connections: int = 0
    refuses_recipient: str = ""

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> Any:  # noqa: N802
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.refuses_recipient:
            return self.refuses_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == "hang":
            await asyncio.sleep(60)
        if answer.startswith("250"):
            parsed: Any = message_from_bytes(envelope.content, policy=policy.default)
            self.received.append(parsed)
            self.recipients += envelope.rcpt_tos
        return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def receiving(monkeypatch: Any) -> Iterator[Mailbox]:
    """A mailbox, and settings that send there."""
    box = Mailbox(free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("SMTP_PORT", str(box.port))
        monkeypatch.setenv("SMTP_TLS", "none")
        monkeypatch.setenv("MAIL_FROM", "Feira <orders@feira.example>")
        settings.cache_clear()
        yield box
    finally:
        controller.stop(no_assert=True)
        monkeypatch.undo()
        settings.cache_clear()
