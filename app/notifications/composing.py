"""What a composer gives back: one mail for one person, to be rendered from its two templates."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.events.event import Event

USEFUL = timedelta(days=3)


@dataclass(frozen=True)
class Composed:
    """`kind` says what it is about, and names the templates mails/<kind>.html and .txt, which get `values`.

    Kinds that differ only in their words may share the templates of another name, `template`.

    Addresses in `values` are made with `links.address`, never from a request. Whatever lets its reader do something
    (a token) stands in `secrets`, too: then only the recipient sees it. After `useful` nobody tries to send it.
    """

    kind: str
    recipient: str
    subject: str
    values: dict[str, Any] = field(default_factory=dict)
    secrets: Sequence[str] = ()
    useful: timedelta = USEFUL
    template: str = ""
    unsubscribe: str = ""  # whole address that ends such mails at one POST (RFC 8058)


# Reads what it needs as it stands now; runs in the transaction in which the event is marked as processed.
Composer = Callable[[Event], Awaitable[Sequence[Composed]]]
