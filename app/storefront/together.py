"""What is bought together with a product: shown with one button for all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import Response, post
from litestar.response import Redirect

from app.accounts.owners import remembered_owner
from app.activity.noting import note
from app.activity.tables import Kind
from app.cart import changing, words
from app.search.arrivals import Arrivals
from app.search.cards import Card, cards_of
from app.search.documents import Document
from app.search.engine import engine
from app.storefront.likeness import beside, of_brand_elsewhere, of_category, similar
from app.storefront.products import ProductView
from app.storefront.recommended import bought_with
from app.storefront.shelves import FEWEST, SHOWN
from app.web import forms
from app.web.flashes import flash
from app.web.paths import local_path
from app.web.rendering import WebRequest, is_fragment, page

COMPANIONS = 2
MOST = 5  # of one form


@dataclass(frozen=True)
class Together:
    """This product with others that were in one order with it."""

    cards: list[Card]  # this one first
    more: list[Card]

    @property
    def total_minor(self) -> int:
        return sum(card.price_minor for card in self.cards)

    @property
    def all_by(self) -> date | None:
        days = [card.promise.date for card in self.cards if card.promise]
        return max(days) if len(days) == len(self.cards) else None


@dataclass(frozen=True)
class Neighbours:
    """What stands below a product. A new one has neighbours, too: they are like it, by the same maker, beside it."""

    together: Together | None
    beside_title: str
    beside_why: str
    beside: list[Card]
    similar: list[Card]


async def neighbours(product: ProductView, there: Arrivals | None) -> Neighbours:
    """From memory, and one look-up now and then."""
    found = engine().snapshot.documents_of([product.id])
    if not found:  # it is not on sale any more, or not yet in the index
        return Neighbours(None, "", "", [], cards_of(await of_category(product.categories[-1:]), there))
    this = found[0]
    bought = [each for each in await bought_with(this.product) if each.product != this.product]
    title, why, others = "", "", list[Document]()
    if not bought:
        title, why, others = await _beside(this)
    seen = {each.product for each in (*bought[: COMPANIONS + SHOWN], *others[:SHOWN])}
    like = await similar(this, seen)
    together = _together(this, bought, there) if bought and this.stock else None
    return Neighbours(
        together,
        title or ("Bought with it" if bought and not together else ""),
        why or "Others put these into one order with it.",
        cards_of((others or ([] if together else bought))[:SHOWN], there),
        cards_of(like[:SHOWN], there),
    )


def _together(this: Document, bought: Sequence[Document], there: Arrivals | None) -> Together:
    more = bought[COMPANIONS : COMPANIONS + SHOWN]
    return Together(cards_of([this, *bought[:COMPANIONS]], there), cards_of(more if len(more) >= FEWEST else [], there))


async def _beside(this: Document) -> tuple[str, str, list[Document]]:
    """What is shown of a product that nobody has bought with another one yet."""
    maker = await of_brand_elsewhere(this)
    if len(maker) >= FEWEST:
        why = f"Nobody has bought it with something else yet. These are other things by {this.brand}."
        return f"Also by {this.brand}", why, maker
    above = this.categories[0][1]
    why = f"Nobody has bought it with something else yet. These stand beside it in {above}, near in price."
    return f"Beside it in {above.lower()}", why, await beside(this)


@post("/cart/sets", status_code=303)
async def add_all(request: WebRequest) -> Response[Any]:
    """Put one of each into the cart; what cannot be had is named, and the others are in it."""
    values = await forms.read(request)
    wanted = [forms.number(values.get(f"offer{number}", "")) for number in range(MOST)]
    offers = list(dict.fromkeys(each for each in wanted if each))
    owner, added, problems = await remembered_owner(request), list[str](), list[str]()
    for offer in offers:
        try:
            change = await changing.add(owner, offer, 1)
        except changing.NotForSale as reason:
            problems.append(words.not_for_sale(reason))
        else:
            note(request, Kind.CARTED, offer=offer)
            if change.capped:
                problems.append(words.added(change))
            else:
                added.append(change.name)
    whole = [f"Added: {', '.join(added)}."] if added else []
    news = " ".join([*whole, *problems]) or "There was nothing to add."
    if is_fragment(request):
        status = 200 if added else 422
        return await page(
            request, "storefront/_all_added.html", status=status, news=news, is_good=not problems and added
        )
    flash(request, "good" if added and not problems else "warn" if added else "bad", news)
    return Redirect(local_path(values.get("next"), "/cart"), status_code=303)


handlers = [add_all]
