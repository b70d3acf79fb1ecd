"""What became of a line since it was put into the cart, in a sentence each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.cart.contents import CartLineView
from app.infra import clock
from app.infra.money import euro

FEW = 3  # so few left are worth saying


@dataclass(frozen=True)
class Notice:
    kind: Literal["good", "warn", "bad"]
    strong: str  # the words in bold; may be empty
    text: str
    picture: str = ""
    removable: bool = False  # whether "Remove it" stands behind it


def of_line(line: CartLineView, planned: int, at: datetime) -> tuple[Notice, ...]:
    """News of a line that can be bought; `planned` pieces of it will be in the order."""
    found = (_price(line, at), _stock(line, planned))
    return tuple(notice for notice in found if notice)


def why_not(line: CartLineView) -> Notice:
    """Why a line cannot be bought."""
    if line.withdrawn:
        return Notice("bad", f"{line.supplier_name} no longer sells this.", "", removable=True)
    return Notice("bad", "Sold out.", "It stays here in case more comes in.", removable=True)


def _price(line: CartLineView, at: datetime) -> Notice | None:
    now_minor, was_minor = line.unit_price_minor, line.added_price_minor
    change = f"now {euro(now_minor)}, was {euro(was_minor)}."
    if now_minor > was_minor:
        text = f"since {since(line.added_at, at)}: {change}"
        return Notice("warn", "The price went up", text, "trending-up", removable=True)
    if now_minor < was_minor:
        cheaper = f"{euro(was_minor - now_minor)} cheaper"
        return Notice("good", cheaper, f"than when you added it: {change}", "trending-down")
    return None


def _stock(line: CartLineView, planned: int) -> Notice | None:
    if planned < line.quantity:
        text = f"Your order will have {planned} of the {line.quantity}."
        return Notice("warn", f"Only {planned} left.", text)
    if line.available <= FEW:
        return Notice("warn", "", f"Only {line.available} left at this price.", "info")
    return None


def since(moment: datetime, at: datetime) -> str:
    """ "Friday", "today" or "12 Nov", on the shop's calendar."""
    day = moment.astimezone(clock.shop_zone()).date()
    passed = (at.astimezone(clock.shop_zone()).date() - day).days
    if passed <= 0:
        return "earlier today"
    return f"{day:%A}" if passed < 7 else f"{day.day} {day:%b}"
