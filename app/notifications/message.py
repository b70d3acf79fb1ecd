"""The message as it travels: headers, text, and HTML beside it."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from email_validator import validate_email

from app.infra.settings import settings


def message_of(
    recipient: str, subject: str, html: str, text: str, message_id: str, written_at: datetime, unsubscribe: str
) -> EmailMessage:
    """Nothing of the recipient stands in a header but the address, so a name can do nothing there.

    Raises:
        ValueError: the address is none, or a header would have more than one line.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = settings().mail_from
    message["To"] = _address(recipient)
    message["Subject"] = subject
    message["Date"] = format_datetime(written_at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"  # nobody's holiday answer is wanted
    message["X-Auto-Response-Suppress"] = "All"
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def _address(recipient: str) -> Address:
    """With its domain in ASCII."""
    found = validate_email(recipient, check_deliverability=False)
    return Address(addr_spec=found.ascii_email or found.normalized)
