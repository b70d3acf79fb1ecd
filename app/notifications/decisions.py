"""Mails about what an operator has decided: on a supplier, a product, and a review that waited or was taken down."""

from collections.abc import Sequence
from typing import Any

from app.accounts.owners import Owner
from app.accounts.tables import SupplierState
from app.catalog import barring
from app.catalog.barring import PRODUCT_BARRED
from app.events.event import Event
from app.infra.database import fetch, fetch_one
from app.notifications.accounts import Words, notice
from app.notifications.composing import Composed
from app.notifications.rendering import one_line
from app.reviews.buyers import bought
from app.reviews.tables import ReviewState

OFFERS = "/sign-in?next=/supplier/offers"
DESK, OWN = "/sign-in?next=/supplier/feeds", "/sign-in?next=/account/reviews"

_SUPPLIER = """
SELECT s.name, coalesce(d.note, '') AS note, coalesce(d.from_state, '') AS before
FROM supplier s LEFT JOIN LATERAL (
  SELECT note, from_state FROM supplier_decision WHERE supplier = s.id ORDER BY id DESC LIMIT 1) d ON true
WHERE s.id = $1 AND s.state = $2"""

_REVIEW = """
SELECT a.email, a.name, r.visitor, r.product AS product_id, p.name AS product, p.slug, r.reason
FROM review r LEFT JOIN account a ON a.id = r.account JOIN product p ON p.id = r.product
WHERE r.id = $1 AND r.state = $2 AND r.version = $3"""


async def of_supplier(event: Event) -> Sequence[Composed]:
    """One for everybody who speaks for it; none when something else was decided since."""
    supplier, state = int(event.payload["supplier"]), SupplierState(event.payload["state"])
    row = await fetch_one(_SUPPLIER, supplier, state)
    if row is None:
        return ()
    words = _on_supplier(one_line(row["name"]), state, row["note"], is_again=row["before"] == SupplierState.SUSPENDED)
    people = await fetch("SELECT email, name FROM account WHERE supplier = $1 ORDER BY id", supplier)
    return [notice(f"supplier_{state}", each["email"], each["name"], words) for each in people]


def _on_supplier(name: str, state: SupplierState, note: str, *, is_again: bool) -> Words:
    if state == SupplierState.DECLINED:
        about = "Your application to sell on Feira was declined"
        return Words(about, (note, "We take no feeds from you."), go="Help", path="/help")
    if state == SupplierState.SUSPENDED:
        until = "We take no feeds from you, and sell nothing of yours, until this is settled."
        said = (note, until, "Send what is ordered already.")
        return Words(f"{name} is suspended on Feira", said, go="Look at it", path=DESK)
    if is_again:
        over = "The suspension is over: send feeds as before."
        return Words(f"{name} sells on Feira again", (over,), go="Go to your desk", path=DESK)
    approved = "Your application is approved. What you send in a feed is on sale within minutes."
    return Words(f"{name} may sell on Feira", (approved,), go="Send your first feed", path=DESK)


async def of_product(event: Event) -> Sequence[Composed]:
    """One for everybody who speaks for a supplier of it; none when something else was decided since."""
    is_barred = event.payload["kind"] == PRODUCT_BARRED
    product = await barring.product_of(int(event.payload["product"]))
    if (product.barred_at is not None) != is_barred:
        return ()
    name = one_line(product.name)
    if is_barred:
        until = "Your offer of it is off sale until the shop lets it back, whatever you send."
        said = (await barring.reason_of(product.id) or "", until)
        words = Words(f"{name} is not sold on Feira any more", said, go="Your offers", path=OFFERS)
    else:
        back = "What you offer of it, by your latest feed, is on sale again."
        words = Words(f"{name} is sold on Feira again", (back,), go="Your offers", path=OFFERS)
    people = await fetch("SELECT email, name FROM account WHERE supplier = $1 ORDER BY id", event.payload["supplier"])
    return [notice(str(event.payload["kind"]), each["email"], each["name"], words) for each in people]


async def of_review(event: Event) -> Sequence[Composed]:
    """To its author, a guest at the address of the order; none when the review is another by now."""
    state = ReviewState(event.payload["state"])
    row = await fetch_one(_REVIEW, int(event.payload["review"]), state, int(event.payload["version"]))
    if row is None:
        return ()
    if row["email"]:
        return [notice(f"review_{state}", row["email"], row["name"], _on_review(row, state))]
    guest = await bought(Owner(None, row["visitor"]), row["product_id"]) if row["visitor"] else None
    if guest is None or not guest.email:
        return ()
    return [notice(f"review_{state}", guest.email, guest.name, _on_review(row, state, is_guest=True))]


def _on_review(row: Any, state: ReviewState, *, is_guest: bool = False) -> Words:
    product = one_line(row["product"])
    why = "this address was given for an order of what you reviewed" if is_guest else ""
    if state == ReviewState.SHOWN:
        where, thanks = f"/p/{row['slug']}/reviews?sort=newest", "Thank you: others read it now."
        return Words(f"Your review of {product} is shown", (thanks,), go="Look at it", path=where, why=why)
    about = f"Your review of {product} is not shown"
    if is_guest:
        again = "Change its words, in the browser in which you wrote it, and somebody looks at it again."
        return Words(about, (row["reason"], again), go="Your review", path=f"/p/{row['slug']}/review", why=why)
    said = (row["reason"], "Change its words, and somebody looks at it again.")
    return Words(about, said, go="Your reviews", path=OWN)
