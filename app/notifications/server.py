"""The mail server: one connection for several mails, made when the first is sent."""

from email.message import EmailMessage
from typing import Any

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from app.infra.settings import settings

_SIGN_IN_NEEDED = (530, 534, 535, 538)
ANSWER_SECONDS = 30.0  # for each thing we say to it


class Permanent(Exception):
    """The server will never take this mail."""


class Temporary(Exception):
    """Not now: the server asks to come again, cannot be reached, or does not let us in."""


class Connection:
    """`async with Connection() as connection`; it is closed at the end of the block, whatever happens."""

    def __init__(self) -> None:
        self._smtp: SMTP | None = None

    async def __aenter__(self) -> "Connection":
        return self

    async def __aexit__(self, *_: object) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is None or not smtp.is_connected:
            return
        try:
            await smtp.quit(timeout=2)
        except (SMTPException, OSError, TimeoutError):
            smtp.close()

    @property
    def is_open(self) -> bool:
        return self._smtp is not None and self._smtp.is_connected

    async def send(self, message: EmailMessage) -> None:
        """Returns when the server has taken responsibility for the mail.

        Raises:
            Permanent, Temporary: see there. Cancelled in the middle, the connection is closed.
        """
        try:
            smtp = await self._open()
        except (SMTPException, OSError, TimeoutError) as error:  # also 5xx: that is about us, not about this mail
            self._drop()
            raise Temporary(f"no way into the mail server: {_said(error)}") from error
        try:
            await smtp.send_message(message)
        except SMTPRecipientsRefused as refused:
            self._judge(refused.recipients[0])
        except SMTPNotSupported as error:
            raise Permanent(f"the mail server cannot do it: {_said(error)}") from error
        except SMTPResponseException as answer:
            self._judge(answer)
        except (SMTPException, OSError, TimeoutError) as error:
            self._drop()
            raise Temporary(_said(error)) from error
        except BaseException:
            self._drop()
            raise

    async def _open(self) -> SMTP:
        if self._smtp is None or not self._smtp.is_connected:
            self._smtp = SMTP(**_place())
            await self._smtp.connect()
        return self._smtp

    def _judge(self, answer: SMTPResponseException) -> None:
        """5xx is the end of a mail, unless it is about us: that nobody signed in, or who the sender is."""
        about_us = isinstance(answer, SMTPSenderRefused) or answer.code in _SIGN_IN_NEEDED
        if answer.code == 421 or about_us:
            self._drop()
        if not about_us and 500 <= answer.code < 600:
            raise Permanent(_said(answer)) from answer
        raise Temporary(_said(answer)) from answer

    def _drop(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()


def _place() -> dict[str, Any]:
    chosen = settings()
    signing_in = {"username": chosen.smtp_user, "password": chosen.smtp_password.get_secret_value()}
    return {
        "hostname": chosen.smtp_host,
        "port": chosen.smtp_port,
        "use_tls": chosen.smtp_tls == "implicit",
        "start_tls": chosen.smtp_tls == "starttls",
        "timeout": ANSWER_SECONDS,
        **(signing_in if chosen.smtp_user else {}),
    }


def _said(error: Exception) -> str:
    """What happened in one line. A server's words are a stranger's, and never hold our password."""
    if isinstance(error, SMTPResponseException):
        return " ".join(f"{error.code} {error.message}".split())
    return " ".join(str(error).split()) or type(error).__name__
