"""Changes of wishlists. Each locks the list that it changes, so two at once come one after the other."""

import json
from dataclasses import dataclass
from typing import Any

from app.accounts.owners import Owner
from app.catalog.colours import colours_named
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction
from app.wishlists import merging
from app.wishlists.contents import BEST_FIRST, OWNED
from app.wishlists.keeping import main_of, new_token, take_over
from app.wishlists.tables import Visibility
from app.wishlists.watched import watch_new

MOST_LISTS = 30
MOST_ENTRIES = 300  # of one list

_MINE = f"SELECT * FROM wishlist WHERE {OWNED} AND wishlist.id = $3 FOR UPDATE"  # noqa: S608 - constants
_LIST_OF_ENTRY = f"""
SELECT wishlist.id FROM wishlist JOIN wishlist_entry AS entry ON entry.wishlist = wishlist.id
WHERE {OWNED} AND entry.id = $3 FOR UPDATE OF wishlist"""  # noqa: S608 - only constants are put in
_ENTRY = f"""
SELECT entry.id, entry.wishlist, entry.position, product.name,
       (SELECT offer.id FROM offer WHERE offer.variant = variant.id AND offer.withdrawn_at IS NULL
        ORDER BY {BEST_FIRST} LIMIT 1) AS offer
FROM wishlist_entry AS entry JOIN wishlist ON wishlist.id = entry.wishlist
JOIN variant ON variant.id = entry.variant JOIN product ON product.id = variant.product
WHERE {OWNED} AND entry.id = $3"""  # noqa: S608 - only constants are put in


class NotThere(Exception):
    """There is no such list, entry or offer, or it is somebody else's."""


class Full(Exception):
    """There is no room for more. The text is for the shopper."""


@dataclass(frozen=True)
class Saved:
    """What was added to which list; `is_new` is False when it stood there already."""

    name: str
    list_id: int
    list_name: str
    is_new: bool


async def add(owner: Owner, offer_id: int, list_id: int | None = None) -> Saved:
    """Put the variant of an offer at the top of a list (the main one, made when new); what stands there stays.

    Raises:
        NotThere: there is no such offer, or no such list of theirs.
        Full: the list has no room.
    """
    async with transaction():
        offer = await fetch_one(
            """SELECT offer.variant, offer.price_minor, product.name FROM offer
               JOIN variant ON variant.id = offer.variant JOIN product ON product.id = variant.product
               WHERE offer.id = $1""",
            offer_id,
        )
        if offer is None:
            raise NotThere
        target = await main_of(owner) if list_id is None else await _locked(owner, list_id)
        await _need_room(target)
        row = await fetch_one(
            """INSERT INTO wishlist_entry (wishlist, variant, position, added_price_minor, added_at)
               SELECT $1, $2, coalesce(min(position), 0) - 1, $3, $4 FROM wishlist_entry WHERE wishlist = $1
               ON CONFLICT (wishlist, variant) DO NOTHING RETURNING id""",
            target["id"],
            offer["variant"],
            offer["price_minor"],
            now(),
        )
        await watch_new(target["id"])
    if owner.visitor is not None and list_id is None and target["is_new"]:
        await merging.follow(owner.visitor)
    return Saved(offer["name"], target["id"], target["name"], row is not None)


async def remove(owner: Owner, entry_id: int) -> str | None:
    """Take an entry off; the product's name, None if it is not there (any more)."""
    async with transaction():
        try:
            entry = await _entry(owner, entry_id)
        except NotThere:
            return None
        await execute("DELETE FROM wishlist_entry WHERE id = $1", entry_id)
    return str(entry["name"])


async def annotate(owner: Owner, entry_id: int, note: str) -> None:
    """Raises NotThere."""
    async with transaction():
        await _entry(owner, entry_id)
        await execute("UPDATE wishlist_entry SET note = $2 WHERE id = $1", entry_id, note)


async def shift(owner: Owner, entry_id: int, *, up: bool) -> None:
    """Change places with the entry above or below; at the end of the list nothing happens.

    Raises:
        NotThere: it is not on a list of theirs.
    """
    async with transaction():
        entry = await _entry(owner, entry_id)
        rows = await fetch("SELECT id FROM wishlist_entry WHERE wishlist = $1 ORDER BY position, id", entry["wishlist"])
        order = [row["id"] for row in rows]
        at = order.index(entry_id)
        other = at + (-1 if up else 1)
        if 0 <= other < len(order):
            order[at], order[other] = order[other], order[at]
            await execute(
                """UPDATE wishlist_entry AS entry SET position = placed.position
                   FROM unnest($1::bigint[]) WITH ORDINALITY AS placed (id, position) WHERE entry.id = placed.id""",
                order,
            )


async def lift(owner: Owner, entry_id: int) -> None:
    """To the top of its list. Raises NotThere."""
    async with transaction():
        entry = await _entry(owner, entry_id)
        await execute(
            """UPDATE wishlist_entry SET position = (SELECT min(position) - 1 FROM wishlist_entry WHERE wishlist = $2)
               WHERE id = $1""",
            entry_id,
            entry["wishlist"],
        )


async def put_on(owner: Owner, entry_id: int, list_id: int) -> str:
    """Move an entry to another list with its note, which stays beside one that is there; the name of the list.

    Raises:
        NotThere: the entry or the list is not theirs.
        Full: the list has no room.
    """
    async with transaction():
        await main_of(owner)  # locked first: two moves in opposite directions would wait for each other
        entry = await _entry(owner, entry_id)
        target = await _locked(owner, list_id)
        if target["id"] != entry["wishlist"]:
            await _need_room(target)
            await take_over([entry_id], list_id)
    return str(target["name"])


async def begin(owner: Owner, name: str) -> int:
    """A new list; its id. The first list of an owner is the main one. One of that name on which there is nothing yet is
    the same, so a double click begins one.

    Raises:
        Full: they have as many lists as anybody may have.
    """
    async with transaction():
        mine = await main_of(owner)  # locks it: two at once cannot both be the last that is allowed
        rows = await fetch(
            f"""SELECT id, name = $3 AND NOT is_main
                       AND NOT EXISTS (SELECT FROM wishlist_entry AS e WHERE e.wishlist = wishlist.id) AS is_same
                FROM wishlist WHERE {OWNED}""",  # noqa: S608
            owner.account,
            owner.visitor,
            name,
        )
        same = next((row["id"] for row in rows if row["is_same"]), None)
        if same is None and len(rows) >= MOST_LISTS:
            raise Full(f"You have {MOST_LISTS} lists. Remove one that you no longer need.")
        begun = same or await _insert(owner, name)
    if owner.visitor is not None and mine["is_new"]:
        await merging.follow(owner.visitor)
    return begun


async def change(owner: Owner, list_id: int, name: str, visibility: Visibility) -> None:
    """Raises NotThere. A list that becomes private gets another address: who had the old one sees it no more."""
    async with transaction():
        await _locked(owner, list_id)
        await execute(
            """UPDATE wishlist SET name = $2, visibility = $3::text,
                      token = CASE WHEN $3::text = 'private' AND visibility <> 'private' THEN $4 ELSE token END
               WHERE id = $1""",
            list_id,
            name,
            visibility,
            new_token(),
        )


async def discard(owner: Owner, list_id: int) -> str:
    """Remove a list with what is on it; its name. The main list is only emptied.

    Raises:
        NotThere: it is not theirs.
    """
    async with transaction():
        found = await _locked(owner, list_id)
        if found["is_main"]:
            await execute("DELETE FROM wishlist_entry WHERE wishlist = $1", list_id)
        else:
            await execute("DELETE FROM wishlist WHERE id = $1", list_id)
    return str(found["name"])


async def wanted_offer(owner: Owner, entry_id: int) -> int:
    """The best offer of an entry's variant, as it is at the moment: nothing is locked.

    Raises:
        NotThere: it is not theirs, or nobody sells it.
    """
    row = await fetch_one(_ENTRY, owner.account, owner.visitor, entry_id)
    if row is None or row["offer"] is None:
        raise NotThere
    return int(row["offer"])


async def in_colour(offer_id: int, colour: str) -> int:
    """The best offer of the same product in a colour, as its page chooses it; the offer itself if there is none."""
    rows = await fetch(
        f"""SELECT offer.id, variant.options FROM offer JOIN variant ON variant.id = offer.variant
            WHERE variant.product = (SELECT v.product FROM offer o JOIN variant v ON v.id = o.variant WHERE o.id = $1)
              AND offer.withdrawn_at IS NULL ORDER BY {BEST_FIRST}""",  # noqa: S608 - only constants are put in
        offer_id,
    )
    return next((row["id"] for row in rows if colour in colours_named(json.loads(row["options"]))), offer_id)


async def _insert(owner: Owner, name: str) -> int:
    row = await fetch_one(
        """INSERT INTO wishlist (account, visitor, name, token, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING id""",
        owner.account,
        owner.visitor,
        name,
        new_token(),
        now(),
    )
    assert row is not None
    return int(row["id"])


async def _locked(owner: Owner, list_id: int) -> Any:
    row = await fetch_one(_MINE, owner.account, owner.visitor, list_id)
    if row is None:
        raise NotThere
    return row


async def _entry(owner: Owner, entry_id: int) -> Any:
    """Read once its list is locked, so as it stands: one statement alone would see it as before it had the lock."""
    mine = await fetch_one(_LIST_OF_ENTRY, owner.account, owner.visitor, entry_id)
    row = await fetch_one(_ENTRY, owner.account, owner.visitor, entry_id) if mine else None
    if row is None:
        raise NotThere
    return row


async def _need_room(target: Any) -> None:
    """Raises Full."""
    row = await fetch_one("SELECT count(*) AS entries FROM wishlist_entry WHERE wishlist = $1", target["id"])
    if row and row["entries"] >= MOST_ENTRIES:
        raise Full(f"“{target['name']}” has {MOST_ENTRIES} products. Remove some, or begin another list.")
