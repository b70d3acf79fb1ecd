"""What is on wishlists now: every entry at today's price and stock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from app.accounts.owners import Owner
from app.catalog.describing import NOTE
from app.infra.database import fetch, fetch_one
from app.wishlists.tables import Visibility

OWNED = "(wishlist.account = $1::bigint OR wishlist.visitor = $2::bytea)"

_LIST = """
SELECT wishlist.id, wishlist.name, wishlist.is_main, wishlist.visibility, wishlist.token, wishlist.tells,
       (SELECT count(*) FROM wishlist_entry AS entry WHERE entry.wishlist = wishlist.id) AS entries
FROM wishlist"""
_LISTS = f"{_LIST} WHERE {OWNED} ORDER BY wishlist.is_main DESC, wishlist.id"
_SHARED = f"{_LIST} WHERE wishlist.token = $1 AND wishlist.visibility <> 'private'"

# The best offer of a variant: what can be bought before what is sold out, then the cheaper.
BEST_FIRST = """(NOT EXISTS (SELECT FROM stock WHERE stock.offer = offer.id AND stock.on_hand > stock.reserved)),
           offer.price_minor, offer.id"""

_ENTRIES = f"""
SELECT entry.id, entry.note, entry.added_price_minor, entry.added_at, product.slug AS product_slug, product.name,
       variant.sku, {NOTE} AS product_note,
       coalesce(nullif(variant.image, ''), product.image) AS image, best.offer_id, best.price_minor,
       coalesce(best.supplier_name, '') AS supplier_name, coalesce(best.handling_days, 0) AS handling_days,
       coalesce(best.stocks, '{{}}')::text AS stocks
FROM wishlist_entry AS entry JOIN variant ON variant.id = entry.variant JOIN product ON product.id = variant.product
LEFT JOIN LATERAL (
  SELECT offer.id AS offer_id, offer.price_minor, offer.handling_days, supplier.name AS supplier_name,
         (SELECT jsonb_object_agg(warehouse.code, stock.on_hand - stock.reserved)
          FROM stock JOIN warehouse ON warehouse.id = stock.warehouse
          WHERE stock.offer = offer.id AND stock.on_hand > stock.reserved) AS stocks
  FROM offer JOIN supplier ON supplier.id = offer.supplier
  WHERE offer.variant = variant.id AND offer.withdrawn_at IS NULL
  ORDER BY {BEST_FIRST} LIMIT 1) AS best ON true
WHERE entry.wishlist = $1 ORDER BY entry.position, entry.id"""  # noqa: S608 - only constants are put in


@dataclass(frozen=True, slots=True)
class ListView:
    id: int
    name: str
    is_main: bool
    visibility: Visibility
    token: str
    tells: bool  # its owner, by mail
    entries: int

    @property
    def is_shared(self) -> bool:
        return self.visibility != Visibility.PRIVATE


@dataclass(frozen=True, slots=True)
class Place:
    """A list onto which a product can go, if it is not on it already."""

    id: int
    name: str
    has_it: bool


@dataclass(frozen=True, slots=True)
class EntryView:
    """A variant that somebody wants. Without `offer_id` nobody sells it any more."""

    id: int
    note: str
    added_price_minor: int
    added_at: datetime
    product_slug: str
    name: str
    sku: str
    product_note: str
    image: str
    offer_id: int | None
    price_minor: int | None
    supplier_name: str
    handling_days: int
    stocks: Mapping[str, int]  # warehouse code -> pieces that can be sold, none of them 0

    @property
    def warehouses(self) -> tuple[str, ...]:
        return tuple(sorted(self.stocks))

    @property
    def available(self) -> int:
        return sum(self.stocks.values())

    @property
    def cheaper_by_minor(self) -> int:
        """How much less it costs than when it was added; 0 if it does not."""
        return max(0, self.added_price_minor - self.price_minor) if self.price_minor is not None else 0


async def lists_of(owner: Owner | None) -> list[ListView]:
    """The owner's lists, the main one first; none for nobody."""
    if owner is None:
        return []
    return [_list(row) for row in await fetch(_LISTS, owner.account, owner.visitor)]


async def lists_for(owner: Owner | None, offer_id: int) -> list[Place]:
    """The owner's lists, the main one first, as places for the variant of an offer."""
    if owner is None:
        return []
    rows = await fetch(
        f"""SELECT wishlist.id, wishlist.name,
                   EXISTS (SELECT FROM wishlist_entry AS entry JOIN offer ON offer.variant = entry.variant
                           WHERE entry.wishlist = wishlist.id AND offer.id = $3) AS has_it
            FROM wishlist WHERE {OWNED} ORDER BY wishlist.is_main DESC, wishlist.id""",  # noqa: S608
        owner.account,
        owner.visitor,
        offer_id,
    )
    return [Place(**dict(row)) for row in rows]


async def shared(token: str) -> ListView | None:
    """The list that is shared under this token."""
    row = await fetch_one(_SHARED, token)
    return _list(row) if row else None


async def public_tokens(most: int) -> list[str]:
    """Of lists that everybody may see and on which there is something, the newest first.

    Only of who has confirmed an e-mail address: notes are words, and nobody shall fill search engines by hundreds of
    lists that belong to no one.
    """
    rows = await fetch(
        """SELECT token FROM wishlist JOIN account ON account.id = wishlist.account
           WHERE visibility = 'public' AND account.email_confirmed_at IS NOT NULL
             AND EXISTS (SELECT FROM wishlist_entry WHERE wishlist_entry.wishlist = wishlist.id)
           ORDER BY wishlist.id DESC LIMIT $1""",
        most,
    )
    return [row["token"] for row in rows]


async def entries_of(list_id: int) -> list[EntryView]:
    """The entries of a list that whoever asks may see, in their order."""
    return [_entry(row) for row in await fetch(_ENTRIES, list_id)]


def _list(row: Any) -> ListView:
    return ListView(**{**dict(row), "visibility": Visibility(row["visibility"])})


def _entry(row: Any) -> EntryView:
    return EntryView(**{**dict(row), "stocks": msgspec.json.decode(row["stocks"], type=dict[str, int])})
