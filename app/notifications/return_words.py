"""What mails say about something that a shopper sends back."""

from dataclasses import replace
from typing import Any

from app.infra.database import fetch
from app.infra.settings import settings
from app.notifications.order_words import Payload, Words, money_of
from app.notifications.ordered import Ordered
from app.orders.detail import ParcelDetail


async def requested(order: Ordered, payload: Payload) -> Words | None:
    said = "We look at what you want to send back, and write to you. Keep it until then."
    return await _words(order, payload, "We have your return {which}", "We have your return", said)


async def approved(order: Ordered, payload: Payload) -> Words | None:
    said = (
        f"Write {order.number}/R{payload['return']} onto the parcel, pack it so that it travels safely, and hand it to "
        "the carrier who brings your parcels, or at any of his shops. You pay nothing. Send it within 14 days: what "
        f"has not arrived after {settings().return_within_days} is closed."
    )
    return await _words(order, payload, "You may send it back: return {which}", "You may send it back", said)


async def refused(order: Ordered, payload: Payload) -> Words | None:
    return await _words(order, payload, "We do not agree to return {which}", "We do not agree to your return", "")


async def closed(order: Ordered, payload: Payload) -> Words | None:
    words = await _words(order, payload, "Return {which} is closed", "Your return is closed", "")
    after = "No money goes back for it. If you have sent it, write to us; what may still go back can be asked for anew."
    return words and replace(words, said=(*words.said, after))


async def received(order: Ordered, payload: Payload) -> Words | None:
    said = f"It is here. {money_of(payload)}" if "amount_minor" in payload else "It is here."
    return await _words(order, payload, "Return {which} is here", "Your return is here", said)


async def _words(order: Ordered, payload: Payload, subject: str, title: str, said: str) -> Words | None:
    """Without `said`, what the shop answered."""
    number = int(payload["return"])
    rows = await fetch(
        """SELECT r.answer, l.line, l.pieces FROM order_return r JOIN return_line l ON l."return" = r.id
           WHERE r."order" = $1 AND r.number = $2""",
        order.id,
        number,
    )
    if not rows:
        return None
    which = f"{number} of order {order.number}"
    return Words(
        subject.format(which=which),
        title,
        (said or rows[0]["answer"],),
        go="Look at it",
        shown=_pieces(order, rows),
        page=f"/returns/{number}",
    )


def _pieces(order: Ordered, rows: list[Any]) -> tuple[ParcelDetail, ...]:
    """The lines that go back, with so many pieces."""
    going = {row["line"]: row["pieces"] for row in rows}
    parcels = [
        replace(
            parcel,
            lines=tuple(
                replace(line, quantity=going[line.id], cancelled=0) for line in parcel.lines if line.id in going
            ),
        )
        for parcel in order.detail.parcels
    ]
    return tuple(parcel for parcel in parcels if parcel.lines)
