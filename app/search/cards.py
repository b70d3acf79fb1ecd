"""What parts/product_card.html shows of a product."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app.catalog.describing import FEW_LEFT
from app.delivery.estimate import Promise
from app.reviews.ratings import mean
from app.search.arrivals import Arrivals
from app.search.documents import Document

NO_PLACE = "add a postcode"
NOT_THERE = "no delivery"


@dataclass(frozen=True)
class Card:
    slug: str
    href: str
    name: str
    note: str
    image: str
    price_minor: int
    was_minor: int | None
    sellers: int
    supplier: str
    promise: Promise | None
    promise_text: str  # why there is no promise
    stock_left: int | None  # only when it is few
    rating: float | None
    rating_count: int
    sold_out: bool
    offer_id: int
    colour: str  # in which it is shown; "": as it is


def card_of(document: Document, there: Arrivals | None, colours: Iterable[str] = ()) -> Card:
    """The card for a shopper to whom things arrive as `there` says (None: no place is known yet).

    In a list of one of the `colours` it shows the product in that colour, and leads to it.
    """
    seen = next((name for name in colours if name in document.looks), None)
    colour = seen or next((name for name in colours if name in document.colours), "")
    image = document.looks[seen] if seen else document.image
    # its own note speaks of the colour that it has first
    note = seen if seen and image != document.image else document.note
    left = sum(document.stock.values())
    was = document.list_price_minor
    return Card(
        slug=document.slug,
        href=f"/p/{document.slug}" + (f"?{urlencode({'colour': colour})}" if colour else ""),
        name=document.name,
        note=note,
        image=image,
        price_minor=document.price_minor,
        was_minor=was if was and was > document.price_minor else None,
        sellers=len(document.suppliers),
        supplier=document.supplier,
        promise=there.promise(document.warehouses, document.handling_days) if there else None,
        promise_text=NOT_THERE if there else NO_PLACE,
        stock_left=left if 0 < left <= FEW_LEFT else None,
        rating=mean(document.stars, document.reviews),
        rating_count=document.reviews,
        sold_out=not document.stock,
        offer_id=document.offer,
        colour=colour,
    )


def cards_of(documents: Iterable[Document], there: Arrivals | None, colours: Sequence[str] = ()) -> list[Card]:
    return [card_of(document, there, colours) for document in documents]
