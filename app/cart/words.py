"""What a change of the cart is answered with."""

from collections.abc import Sequence
from typing import Literal

from app.cart.aside import Kept
from app.cart.changing import Change, NotForSale
from app.cart.contents import MOST_LINES, MOST_PER_LINE

MOST_NAMED = 4  # a message lies in a cookie
LONGEST_NAME = 80

FULL = f"A cart has room for {MOST_LINES} different things"

Said = tuple[Literal["good", "warn"], str]

WRONG_QUANTITY = f"Enter a number from 1 to {MOST_PER_LINE}"


def added(change: Change) -> str:
    """ "Added: Barro mug." and how many there are, if it is more than one or fewer than were asked for."""
    if change.capped:
        return f"{_limit(change)} Your cart has {change.quantity} of {change.name}."
    return f"Added: {change.name}." + (f" Your cart has {change.quantity} of it." if change.quantity > 1 else "")


def taken(done: Sequence[Change], refused: Sequence[NotForSale]) -> list[Said]:
    """What came of many at once: a sentence for each of a few, else one for all that went the same way."""
    said: list[Said] = []
    if len(done) + len(refused) <= MOST_NAMED:
        said += [("warn", not_for_sale(reason)) for reason in refused]
        return said + [("warn" if change.capped else "good", added(change)) for change in done]
    if whole := [change.name for change in done if not change.capped]:
        said.append(("good", f"Added: {named(whole)}."))
    if fewer := [change.name for change in done if change.capped]:
        said.append(("warn", f"Fewer pieces than that are left, or go into one order, of: {named(fewer)}."))
    for why, names in (
        ("Sold out or not sold any more", [each.name for each in refused if each.reason != "full"]),
        (FULL, [each.name for each in refused if each.reason == "full"]),
    ):
        if names:
            said.append(("warn", f"{why}, so not added: {named(names)}."))
    return said


def named(names: Sequence[str]) -> str:
    """ "Barro mug, Alcova lamp and 12 more"."""
    shown, rest = [name[:LONGEST_NAME] for name in names[:MOST_NAMED]], len(names) - MOST_NAMED
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")


def changed(change: Change | None) -> str:
    if change is None:
        return "Nothing was changed: it is sold out, or no longer in your cart."
    if change.capped:
        return f"{_limit(change)} The quantity of {change.name} is set to {change.quantity}."
    return f"{change.name}: {change.quantity} in your cart."


def removed(name: str | None) -> str:
    return f"Removed: {name}." if name else "It is no longer in your cart."


def saved(kept: Kept | None) -> str:
    return f"Saved for later: {kept.quantity} of {kept.name}." if kept else "It is no longer in your cart."


def brought_back(change: Change | None) -> str:
    if change is None:
        return "It is there already, or no longer kept."
    if change.capped:
        return f"{_limit(change)} Your cart has {change.quantity} of {change.name}."
    return f"Back in your cart: {change.quantity} of {change.name}."


def forgotten(name: str | None) -> str:
    return f"No longer kept: {name}." if name else "It is no longer kept."


def not_for_sale(problem: NotForSale) -> str:
    match problem.reason:
        case "sold out":
            return f"{problem.name} is sold out."
        case "full":
            return f"{FULL}, so not added: {problem.name}."
        case "withdrawn":
            return f"{problem.name} is no longer sold by this seller."
        case _:
            return "We do not know this product. Choose it again on its page."


def _limit(change: Change) -> str:
    if change.available < MOST_PER_LINE:
        return f"Only {change.available} left."
    return f"One order takes at most {MOST_PER_LINE} of a kind."
