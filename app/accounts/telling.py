"""What happens to an account and is followed by a mail: events of topic `accounts`, in the transaction of their cause.

No secret stands in an event. An address stands in it only where the account does not have it any more.
"""

from enum import StrEnum

from app.events.outbox import publish
from app.infra.clock import now

TOPIC = "accounts"


class News(StrEnum):
    CONFIRM_EMAIL = "confirm_email"  # a link, to the account's address
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a kind of event; a link, to the account's address
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind of event
    CONFIRM_NEW_EMAIL = "confirm_new_email"  # a link, to the address that is asked for
    EMAIL_CHANGE_ASKED = "email_change_asked"  # to the account's address, which it may lose
    EMAIL_CHANGED = "email_changed"  # to the address of before
    DELETED = "deleted"  # to the address that the account had


async def tell(news: News, account_id: int | None, *, to: str = "", name: str = "") -> None:
    """Write the event down.

    Args:
        account_id: None where a stranger asked for somebody who has no account: no mail follows, and writing it
            down took as long.
        to: the address, where the account has it no more; `name` likewise.
    """
    gone = {"to": to, "name": name} if to else {}
    payload = {"kind": news.value, "account": account_id, "at": int(now().timestamp()), **gone}
    await publish(TOPIC, str(account_id or 0), payload)
