"""What an offer says about its stock: how many pieces, where, and how soon they leave."""

import re

from app.suppliers.availability import availability
from app.suppliers.formats.raw import Fields
from app.suppliers.problems import Findings
from app.suppliers.row_context import RowContext

MAX_PIECES = 1_000_000
MAX_HANDLING_DAYS = 30

_PIECES = re.compile(r"(-?[0-9]{1,12})(?:[.,]0+)?")
# "> 10", "10+" and "10 pcs." are at least so many.
_AT_LEAST = re.compile(r"[>≥~]?\s*([0-9]{1,12})(?:[.,]0+)?\s*(?:\+|[^\W\d_]{1,8}\.?)?")


def stock(fields: Fields, found: Findings, context: RowContext) -> tuple[dict[str, int] | None, bool]:
    """Pieces per warehouse (None: not counted), and whether the offer can be bought."""
    words = fields.get("availability", "")
    sent = fields.get("stock", "")
    if not sent.isdigit() and not words.strip() and _says_whether(sent):
        words, fields = sent, {name: value for name, value in fields.items() if name != "stock"}
    state = availability(words) if words.strip() else None
    if words.strip() and state is None:
        advice = 'Write "in stock" or "out of stock".'
        found.warn("availability", words, "We do not know this word, so it counts as out of stock.", advice)
        state = "out"
    elif state == "later":
        found.warn("availability", words, "Orders in advance are not sold here, so it counts as out of stock.", "")
    counted = _counted(fields, found, context)
    if counted is None and "stock_unsaid" in fields:
        return None, True  # a note about the feed says so, once
    if counted is None and state is None:
        advice = "Send the number of pieces in a column named stock."
        found.warn("stock", "", "There is neither stock nor availability, so it counts as out of stock.", advice)
    if counted is None:
        return None, state == "in"
    if state in ("out", "later") and any(counted.values()):
        counted = dict.fromkeys(counted, 0)
        if state == "out":
            reason = "There is stock, but the availability says otherwise, so it counts as out of stock."
            found.warn("availability", words, reason, "Correct one of them.")
    return counted, any(counted.values())


def _says_whether(sent: str) -> bool:
    """Whether words stand where the number of pieces should."""
    return len(sent) > 1 and not any(char.isdigit() for char in sent) and availability(sent) is not None


def _counted(fields: Fields, found: Findings, context: RowContext) -> dict[str, int] | None:
    if sent := fields.get("stocks"):
        for code in sent.keys() - context.warehouses:
            known = ", ".join(sorted(context.warehouses))
            found.reject("stocks", code, f'"{code[:60]}" is not one of our warehouses.', f"Use one of {known}.")
        return {code: _pieces("stocks", sent[code], found) for code in sorted(sent)}
    if not fields.get("stock", "").strip():
        return None
    where = context.default_warehouse or min(context.warehouses, default="")
    return {where: _pieces("stock", fields["stock"], found)}


def _pieces(field: str, sent: str, found: Findings) -> int:
    match = _PIECES.fullmatch(sent.strip()) or _AT_LEAST.fullmatch(sent.strip())
    pieces = int(match.group(1)) if match else 0
    if match is None:
        found.reject(field, sent, "The stock is not a whole number.", "Send the number of pieces, such as 12.")
    elif pieces > MAX_PIECES:
        found.reject(
            field, sent, f"The stock must be from 0 to {MAX_PIECES:,}.", "Send the pieces you can really ship."
        )
    elif pieces < 0:
        found.warn(field, sent, "The stock is below zero, so it counts as 0.", "Send the pieces you can really ship.")
    return max(pieces, 0)


def handling_days(fields: Fields, found: Findings) -> int | None:
    sent = fields.get("handling_days", "").strip()
    if not sent:
        return None
    match = _PIECES.fullmatch(sent)
    days = int(match.group(1)) if match else -1
    if not 0 <= days <= MAX_HANDLING_DAYS:
        reason = f"The handling days must be a whole number from 0 to {MAX_HANDLING_DAYS}."
        found.reject("handling_days", sent, reason, "Send the working days until you hand over the parcel.")
    return days
