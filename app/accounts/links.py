"""Links that mails bring: signed, for one purpose, for a time, and bound to what they were made for.

Nothing of them is stored. A link carries a digest of the state it was made in, so it is dead as soon as that state
has changed: by its own use, too.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from itsdangerous import BadSignature, URLSafeSerializer

from app.infra.clock import now
from app.infra.settings import settings

LONGEST = 500


class Purpose(StrEnum):
    CONFIRM = "confirm an e-mail address"
    MOVE = "change an e-mail address"
    RESET = "choose a new password"


LASTS = {Purpose.CONFIRM: timedelta(days=7), Purpose.MOVE: timedelta(days=1), Purpose.RESET: timedelta(hours=1)}
PATHS = {
    Purpose.CONFIRM: "/account/confirmation",
    Purpose.MOVE: "/account/email/confirmation",
    Purpose.RESET: "/password-reset/choice",
}


class DeadLink(Exception):
    """The link is damaged, too old, used, or overtaken by a later change: which, is not told."""


@dataclass(frozen=True)
class Opened:
    """What a link says, its signature being ours and its time not over."""

    account_id: int
    digest: str

    def fits(self, *state: str) -> bool:
        return self.digest == _digest(state)


def token(purpose: Purpose, account_id: int, *state: str, asked_at: datetime) -> str:
    """The token of a link that counts from `asked_at` for as long as LASTS says."""
    until = int((asked_at + LASTS[purpose]).timestamp())
    return _signer(purpose).dumps([account_id, until, _digest(state)])


def address(purpose: Purpose, account_id: int, *state: str, asked_at: datetime) -> str:
    """The whole address, as it stands in a mail."""
    made = token(purpose, account_id, *state, asked_at=asked_at)
    return f"{settings().public_url}{PATHS[purpose]}?token={made}"


def opened(purpose: Purpose, text: str) -> Opened:
    """Raises DeadLink: see there. Whether the account is still in the state that it was made for is asked by `fits`."""
    if len(text) > LONGEST:
        raise DeadLink
    try:
        account_id, until, digest = _signer(purpose).loads(text)
    except (BadSignature, ValueError, TypeError):
        raise DeadLink from None
    if now().timestamp() > until:
        raise DeadLink
    return Opened(account_id, digest)


def _signer(purpose: Purpose) -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key.get_secret_value(), salt=f"link to {purpose}")


def _digest(state: tuple[str, ...]) -> str:
    return hashlib.sha256("\x00".join(state).encode()).hexdigest()[:32]
