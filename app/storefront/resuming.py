"""Where a shopper who comes back goes on: the product last looked at, and what is on its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from app.delivery.estimate import time_left
from app.orders.tables import OrderState, ParcelState
from app.orders.words import Standing, Ticket, ticket
from app.search.arrivals import Arrivals
from app.search.cards import Card, card_of
from app.search.engine import engine
from app.search.query import Query, address

THUMBS = 4


class Thumb(msgspec.Struct, frozen=True):
    image: str
    name: str


class OnItsWay(msgspec.Struct, frozen=True):
    """The parcel that comes next, of the order `number`."""

    number: str
    order_state: OrderState
    state: ParcelState
    promised_on: date
    expected_on: date | None
    orders: int  # with this one
    thumbs: tuple[Thumb, ...] = ()

    @property
    def ticket(self) -> Ticket:
        """As on its order's page."""
        return ticket(self.order_state, Standing(self.state, self.promised_on, self.expected_on))

    @property
    def others(self) -> int:
        """Orders that come later."""
        return self.orders - 1


@dataclass(frozen=True)
class Resume:
    """`words` were searched last and have `results` products; `time_left` keeps the day of the card."""

    card: Card | None
    time_left: str
    words: str
    results: int
    href: str
    coming: OnItsWay | None

    @property
    def is_something(self) -> bool:
        return self.card is not None or self.coming is not None


async def resume(
    viewed: Sequence[int], searched: str, coming: OnItsWay | None, there: Arrivals | None, at: datetime
) -> Resume:
    """From memory."""
    documents = engine().snapshot.documents_of(viewed[:1])
    card = card_of(documents[0], there) if documents else None
    query = Query(q=searched)
    results = (await engine().search(query, there)).total if searched else 0
    left = time_left(card.promise.order_by, at) if card and card.promise else ""
    return Resume(card, left, searched, results, address("/search", query), coming)


# $1 account, $2 visitor: a row of OnItsWay.
COMING = f"""
WITH mine AS (
  SELECT id, number, state FROM shop_order
  WHERE (account = $1::bigint OR (account IS NULL AND visitor = $2::bytea)) AND state IN ('paid', 'packed', 'shipped')
  ORDER BY id DESC LIMIT 20),
parcels AS (
  SELECT p.id, p.state, p.promised_on, s.expected_on, mine.number, mine.state AS order_state
  FROM mine JOIN parcel p ON p."order" = mine.id LEFT JOIN shipment s ON s.parcel = p.id
  WHERE p.state NOT IN ('delivered', 'cancelled')
  ORDER BY greatest(p.promised_on, s.expected_on), p.id LIMIT 1)
SELECT parcels.number, parcels.order_state, parcels.state, parcels.promised_on, parcels.expected_on,
       (SELECT count(*)::int FROM mine) AS orders,
       (SELECT jsonb_agg(jsonb_build_object('image', l.image, 'name', l.name) ORDER BY l.id)
        FROM (SELECT * FROM order_line WHERE parcel = parcels.id ORDER BY id LIMIT {THUMBS}) AS l) AS thumbs
FROM parcels"""  # noqa: S608 - only a constant is put in
