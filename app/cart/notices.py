"""What became of a line since it was put into the cart, in a sentence each.

The shopper can say that news was read; it is not said again until the price or the stock is another. What an order
would leave out (too few, sold out, withdrawn) is said as long as it is so.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from app.cart.contents import MOST_PER_LINE, CartLineView
from app.catalog.describing import FEW_LEFT
from app.infra.clock import local_day
from app.infra.money import euro


@dataclass(frozen=True)
class Notice:
    kind: Literal["good", "warn", "bad"]
    strong: str  # the words in bold; may be empty
    text: str
    picture: str = ""
    removable: bool = False  # whether "Remove it" stands behind it
    is_news: bool = False  # whether it goes away once it was read


def of_line(line: CartLineView, planned: int, at: datetime) -> tuple[Notice, ...]:
    """News of a line that can be bought; `planned` pieces of it will be in the order."""
    found = (_merged(line), _price(line, at), _stock(line, planned))
    return tuple(notice for notice in found if notice)


def why_not(line: CartLineView) -> Notice:
    """Why a line cannot be bought."""
    if line.withdrawn:
        return Notice("bad", f"{line.supplier_name} no longer sells this.", "", removable=True)
    return Notice("bad", "Sold out.", "It stays here in case more comes in.", removable=True)


def of_saved(line: CartLineView, at: datetime) -> Notice | None:
    """What a line that is saved for later says: why it cannot be bought, else how its price moved."""
    if line.withdrawn:
        return Notice("bad", f"{line.supplier_name} no longer sells this.", "")
    if not line.available:
        return Notice("bad", "Sold out.", "It stays saved in case more comes in.")
    price = _price(line, at)
    return replace(price, removable=False, is_news=False) if price else None


def _merged(line: CartLineView) -> Notice | None:
    if line.wanted is None:
        return None
    text = f"together: one order takes at most {MOST_PER_LINE} of a kind, so the quantity is set to {line.quantity}."
    return Notice("warn", f"Your two carts had {line.wanted}", text, is_news=True)


def _price(line: CartLineView, at: datetime) -> Notice | None:
    now_minor, was_minor = line.unit_price_minor, line.added_price_minor
    if now_minor == line.told_price_minor:
        return None
    change = f"now {euro(now_minor)}, was {euro(was_minor)}."
    if now_minor > was_minor:
        text = f"since {since(line.added_at, at)}: {change}"
        return Notice("warn", "The price went up", text, "trending-up", removable=True, is_news=True)
    if now_minor < was_minor:
        cheaper = f"{euro(was_minor - now_minor)} cheaper"
        return Notice("good", cheaper, f"than when you added it: {change}", "trending-down", is_news=True)
    return None


def _stock(line: CartLineView, planned: int) -> Notice | None:
    if planned < line.quantity:
        text = f"Your order will have {planned} of the {line.quantity}."
        return Notice("warn", f"Only {planned} left.", text)
    if line.available <= FEW_LEFT and line.available != line.told_stock:
        return Notice("warn", "", f"Only {line.available} left at this price.", "info", is_news=True)
    return None


def since(moment: datetime, at: datetime) -> str:
    """ "Friday", "earlier today" or "12 Nov", on the shop's calendar."""
    day = local_day(moment)
    passed = (local_day(at) - day).days
    if passed <= 0:
        return "earlier today"
    return f"{day:%A}" if passed < 7 else f"{day.day} {day:%b}"
