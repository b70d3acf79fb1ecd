"""The named points at which the drill of checkouts kills: before and after what may not be done by half.

A point is a function of the shop, wrapped from outside (`bench/striking.py`): the shop knows nothing of the drill.
`missing` notices when one was renamed.
"""

import importlib
import inspect
from dataclasses import dataclass
from typing import Any

MOMENTS = ("before", "after")
VICTIMS = ("itself", "PostgreSQL server", "Valkey server")  # itself: the process that has come to the point
COMMIT = "app.infra.database:Transaction.commit"
BEGIN = "app.infra.database:Transaction.begin"


@dataclass(frozen=True)
class Point:
    """A function (`module:name`); a commit, of the transaction in which `of` was called; or a good answer to `path`."""

    part: str  # web | worker: where it is reached
    what: str
    target: str = ""
    of: str = ""
    path: str = ""

    def name(self, moment: str) -> str:
        return f"{self.part}: {moment} {self.what}"


POINTS = (
    Point("web", "reserving", "app.inventory.reservations:hold"),
    Point("web", "the commit of placing", COMMIT, of="app.inventory.reservations:hold"),
    Point("web", "the call for a payment page", "app.payments.sandbox:Sandbox.start"),
    Point("web", "the answer to Pay", path="/orders"),
    Point("web", "the call for a payment's state", "app.payments.sandbox:Sandbox.status"),
    Point("web", "the commit of settling", COMMIT, of="app.payments.attempts:close"),
    Point("web", "the commit of a webhook", COMMIT, of="app.payments.webhook_events:first_time"),
    Point("web", "the answer to a webhook", path="/webhooks/sandbox"),
    Point("web", "the commit of cancelling", COMMIT, of="app.orders.crediting:credit"),
    Point("worker", "the call for a payment's state", "app.payments.sandbox:Sandbox.status"),
    Point("worker", "the commit of settling", COMMIT, of="app.payments.attempts:close"),
    Point("worker", "the commit of expiring", COMMIT, of="app.inventory.reservations:release"),
    Point("worker", "the call to refund", "app.payments.sandbox:Sandbox.refund"),
    Point("worker", "the commit of a refund", COMMIT, of="app.payments.requests:finish"),
    Point("worker", "the delivery of a webhook", "app.payments.sandbox_webhooks:_deliver"),
    Point("worker", "adding an event to the log", "app.events.log:StreamLog.publish"),
    Point("worker", "the commit of a consumer", COMMIT, of="app.events.outbox:mark_processed"),
    Point("worker", "acknowledging an event", "app.events.log:StreamLog.acknowledge"),
)


def names(part: str) -> list[str]:
    return [point.name(moment) for point in POINTS if point.part == part for moment in MOMENTS]


def find(target: str) -> tuple[Any, str, Any]:
    """(Module or class, name in it, function).

    Raises:
        LookupError: there is no such coroutine function (any more).
    """
    module, _, path = target.partition(":")
    *owners, name = path.split(".")
    try:
        owner = importlib.import_module(module)
        for each in owners:
            owner = getattr(owner, each)
        function = getattr(owner, name)
    except (ImportError, AttributeError):
        raise LookupError(f"{target} is no more") from None
    if not inspect.iscoroutinefunction(function):
        raise LookupError(f"{target} is no coroutine function")
    return owner, name, function


def missing() -> list[str]:
    """What is wrong with points whose function was renamed or changed; empty if all are there."""
    wrong = []
    for target in {BEGIN, *(t for point in POINTS for t in (point.target, point.of) if t)}:
        try:
            find(target)
        except LookupError as error:
            wrong.append(str(error))
    return sorted(wrong)
