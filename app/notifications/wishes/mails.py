"""Mails about things on wishlists, as they stand when the mail is written; what is no news any more is left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from app.catalog.describing import NOTE
from app.events.event import Event
from app.infra.database import fetch, fetch_one
from app.notifications.composing import Composed
from app.notifications.links import address
from app.notifications.rendering import one_line
from app.notifications.wishes.digests import REDUCED
from app.notifications.wishes.stopping import stop_link
from app.recommendations.drops import LARGEST, SMALLEST

MOST = 20  # things of one mail
USEFUL = timedelta(days=1)

_THINGS = f"""
SELECT DISTINCT ON (entry.variant) entry.id AS entry, entry.position, product.name, product.slug, variant.sku,
       {NOTE} AS note, wishlist.name AS list_name, best.price_minor,
       best.supplier_name
FROM wishlist_entry AS entry JOIN wishlist ON wishlist.id = entry.wishlist AND wishlist.tells
JOIN variant ON variant.id = entry.variant JOIN product ON product.id = variant.product
CROSS JOIN LATERAL (
  SELECT offer.price_minor, supplier.name AS supplier_name FROM offer JOIN supplier ON supplier.id = offer.supplier
  WHERE offer.variant = variant.id AND offer.withdrawn_at IS NULL
    AND EXISTS (SELECT FROM stock WHERE stock.offer = offer.id AND stock.on_hand > stock.reserved)
  ORDER BY offer.price_minor, offer.id LIMIT 1) AS best
WHERE entry.id = ANY($1) AND wishlist.account = $2 ORDER BY entry.variant, entry.id
"""  # noqa: S608 - only a constant is put in


@dataclass(frozen=True)
class Thing:
    name: str
    note: str
    link: str
    list_name: str
    supplier_name: str
    price_minor: int
    prior_minor: int | None = None  # the lowest price of the 30 days before, when it is less now


async def back_in_stock(event: Event) -> Sequence[Composed]:
    things = [_thing(row) for row in await _rows(event)]
    return await _mail(event, "wishlist_back", "back in stock", things)


async def price_drops(event: Event) -> Sequence[Composed]:
    rows = await fetch(
        f"SELECT entry, price_minor, prior_minor FROM ({REDUCED}) AS reduced WHERE entry = ANY($3)",  # noqa: S608
        SMALLEST,
        LARGEST,
        _entries(event),
    )
    prior = {row["entry"]: (row["price_minor"], row["prior_minor"]) for row in rows}
    things = [
        _thing(row, prior[row["entry"]][1])
        for row in await _rows(event)
        if row["entry"] in prior and prior[row["entry"]][0] == row["price_minor"]
    ]
    return await _mail(event, "wishlist_drops", "at a lower price", things)


async def _mail(event: Event, kind: str, how: str, things: list[Thing]) -> Sequence[Composed]:
    """`how` they are: "Alcova desk lamp is back in stock"."""
    account = int(event.payload["account"])
    row = await fetch_one("SELECT email FROM account WHERE id = $1 AND email_confirmed_at IS NOT NULL", account)
    if row is None or not things:
        return ()
    what = f"{one_line(things[0].name)} is" if len(things) == 1 else f"{len(things)} things on your wishlist are"
    stop = stop_link(account)
    values: dict[str, Any] = {
        "title": f"{what} {how}",
        "things": things[:MOST],
        "more": max(0, len(things) - MOST),
        "lists": address("/sign-in?next=/wishlists"),
        "stop": stop,
    }
    return [Composed(kind, row["email"], values["title"], values, useful=USEFUL, unsubscribe=stop, template="wishlist")]


async def _rows(event: Event) -> list[Any]:
    rows = await fetch(_THINGS, _entries(event), int(event.payload["account"]))
    return sorted(rows, key=lambda row: (row["list_name"], row["position"], row["entry"]))


def _entries(event: Event) -> list[int]:
    return [int(entry) for entry in event.payload["entries"]]


def _thing(row: Any, prior_minor: int | None = None) -> Thing:
    link = address(f"/p/{row['slug']}?variant={quote(row['sku'])}")
    return Thing(
        row["name"], row["note"], link, row["list_name"], row["supplier_name"], row["price_minor"], prior_minor
    )
