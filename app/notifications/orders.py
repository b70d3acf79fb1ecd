"""Mails about an order, from its rows as they stand when the mail is written. Sellers get none of them."""

from collections.abc import Sequence
from datetime import timedelta

from app.events.event import Event
from app.infra.clock import now
from app.infra.database import fetch_one
from app.notifications.composing import Composed
from app.notifications.links import address
from app.orders.detail import OrderDetail, detail_of
from app.orders.links import key_of

NEWS = timedelta(days=3)  # what happened earlier is none, say when orders of a shop before this one are brought in


async def placed(event: Event) -> Sequence[Composed]:
    return await _about(event, "order_placed", "We have your order {number}")


async def _about(event: Event, kind: str, subject: str) -> Sequence[Composed]:
    """One mail to who ordered; none when there is no such order, or its last step is no news."""
    order = await _order(int(event.payload["order"]))
    if order is None:
        return ()
    row, (link, secrets) = order.row, _link(order)
    values = {"order": order, "row": row, "link": link}
    return [Composed(kind, row["email"], subject.format(number=row["number"]), values, secrets)]


async def _order(order_id: int) -> OrderDetail | None:
    last = await fetch_one('SELECT max(moved_at) AS at FROM order_move WHERE "order" = $1', order_id)
    if last is None or last["at"] is None or last["at"] < now() - NEWS:
        return None
    return await detail_of(order_id)


def _link(order: OrderDetail) -> tuple[str, tuple[str, ...]]:
    """Where the order is seen: an account's by signing in, a guest's by the key in the link, which is secret."""
    number = order.row["number"]
    if order.row["account"] is not None:
        return address(f"/sign-in?next=/orders/{number}"), ()
    key = key_of(number)
    return address(f"/orders/{number}?key={key}"), (key,)
