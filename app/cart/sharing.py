"""A cart that is shared by its address: what was in it at a moment, without whose it is, at today's prices.

Whoever has the address may put its lines into a cart of their own; the cart it was made of is not touched. It ends
after `SHARED_DAYS`, or when its owner says so. It moves with the cart at sign-in, and goes with it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts.owners import Owner
from app.cart.changing import Change, NotForSale, add
from app.cart.contents import AVAILABLE, LOCK, OWNED
from app.catalog.describing import NOTE
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one, transaction

SHARED_DAYS = 30
MOST_SHARED = 10  # addresses of one cart; a new one ends the oldest


@dataclass(frozen=True)
class SharedLineView:
    offer_id: int
    quantity: int
    product_slug: str
    name: str
    note: str
    image: str
    supplier_name: str
    unit_price_minor: int
    available: int  # 0 when it is withdrawn


@dataclass(frozen=True)
class Address:
    """Of a shared cart, as its owner sees it."""

    token: str
    made_at: datetime
    ends_at: datetime
    pieces: int


async def share(owner: Owner) -> str | None:
    """Make an address of what is in the owner's cart now; its token. None when nothing is in it."""
    async with transaction():
        cart = await fetch_one(LOCK, owner.account, owner.visitor)
        lines = await fetch("SELECT FROM cart_line WHERE cart = $1 LIMIT 1", cart["id"]) if cart else []
        if cart is None or not lines:
            return None
        await execute(
            """DELETE FROM shared_cart WHERE cart = $1 AND (ends_at <= $2 OR id NOT IN
                 (SELECT id FROM shared_cart WHERE cart = $1 ORDER BY id DESC LIMIT $3))""",
            cart["id"],
            now(),
            MOST_SHARED - 1,
        )
        token = secrets.token_urlsafe(18)
        await execute(
            """WITH made AS (INSERT INTO shared_cart (cart, token, made_at, ends_at) VALUES ($1, $2, $3, $4)
                             RETURNING id)
               INSERT INTO shared_line (shared, offer, quantity)
               SELECT made.id, line.offer, line.quantity FROM made, cart_line AS line WHERE line.cart = $1
               ORDER BY line.id""",
            cart["id"],
            token,
            now(),
            now() + timedelta(days=SHARED_DAYS),
        )
    return token


async def end(owner: Owner, token: str) -> bool:
    """Nobody sees it any more; False when it is not theirs, or over."""
    return bool(
        await fetch(
            f"""DELETE FROM shared_cart USING cart
                WHERE cart.id = shared_cart.cart AND {OWNED} AND token = $3 RETURNING shared_cart.id""",  # noqa: S608
            owner.account,
            owner.visitor,
            token,
        )
    )


async def addresses(owner: Owner) -> list[Address]:
    """Of the owner's shared carts that have not ended, the newest first."""
    rows = await fetch(
        f"""SELECT s.token, s.made_at, s.ends_at, (SELECT sum(quantity) FROM shared_line WHERE shared = s.id) AS pieces
            FROM shared_cart s JOIN cart ON cart.id = s.cart WHERE {OWNED} AND s.ends_at > $3
            ORDER BY s.id DESC""",  # noqa: S608 - only constants are put in
        owner.account,
        owner.visitor,
        now(),
    )
    return [Address(**dict(row)) for row in rows]


async def shared(token: str) -> list[SharedLineView]:
    """What is shared under a token, at today's prices; nothing when there is no such address, or it has ended."""
    rows = await fetch(
        f"""SELECT line.offer AS offer_id, line.quantity, product.slug AS product_slug, product.name,
                  {NOTE} AS note,
                  coalesce(nullif(variant.image, ''), product.image) AS image, supplier.name AS supplier_name,
                  offer.price_minor AS unit_price_minor,
                  CASE WHEN offer.withdrawn_at IS NULL THEN {AVAILABLE} ELSE 0 END AS available
           FROM shared_cart s JOIN shared_line line ON line.shared = s.id JOIN offer ON offer.id = line.offer
                JOIN variant ON variant.id = offer.variant JOIN product ON product.id = variant.product
                JOIN supplier ON supplier.id = offer.supplier
           WHERE s.token = $1 AND s.ends_at > $2 ORDER BY line.id""",  # noqa: S608 - only constants are put in
        token,
        now(),
    )
    return [SharedLineView(**dict(row)) for row in rows]


async def take(owner: Owner, token: str, offers: set[int] | None) -> tuple[dict[int, Change], list[NotForSale]]:
    """Put the shared lines of these offers (None: all) into the owner's cart: what came of each, and what could not."""
    done: dict[int, Change] = {}
    refused: list[NotForSale] = []
    for line in await shared(token):
        if offers is None or line.offer_id in offers:
            try:
                done[line.offer_id] = await add(owner, line.offer_id, line.quantity)
            except NotForSale as reason:
                refused.append(reason)
    return done, refused
