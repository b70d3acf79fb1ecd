"""Trade item numbers (EAN, UPC, ISBN): what makes two suppliers' offers one product, so only sure ones count."""

import re

# Numbers that shops give out for themselves: the same one means other things elsewhere.
_IN_STORE = re.compile(r"^(02|04|2)")


class GtinInvalid(ValueError):
    """The reason why a number is no GTIN, for the supplier."""


def parse_gtin(text: str) -> str:
    """The number as 13 digits (8 or 14 where it cannot be 13). Raises GtinInvalid."""
    number = text if text.isdigit() else _bare(text)
    if not (number.isascii() and number.isdigit()):
        raise GtinInvalid("is not a number")
    if len(number) not in (8, 12, 13, 14):
        raise GtinInvalid(f"has {len(number)} digits instead of 8, 12, 13 or 14")
    if not number.strip("0"):
        raise GtinInvalid("is only zeros")
    if not _is_sum_right(number.encode()):
        raise GtinInvalid("has a wrong check digit")
    number = number.zfill(13) if len(number) == 12 else number
    number = number[1:] if len(number) == 14 and number[0] == "0" else number
    if len(number) == 13 and _IN_STORE.match(number):
        raise GtinInvalid("is a number for use inside one shop")
    return number


def _bare(text: str) -> str:
    """Without what a spreadsheet or a label adds: spaces, hyphens, `.0`, or the `="…"` that keeps leading zeros."""
    if wrapped := re.fullmatch(r'\s*=?\s*["\'](.*)["\']\s*|\s*\'(.*)', text):
        text = wrapped.group(1) or wrapped.group(2) or ""
    number = "".join(text.split()).replace("-", "").removesuffix(".0")
    if re.fullmatch(r"[0-9](?:[.,][0-9]*)?[eE]\+?[0-9]+", number):
        raise GtinInvalid("was turned into a rounded number by a spreadsheet")
    return number


def _is_sum_right(digits: bytes) -> bool:
    """From the right every second digit counts three times; all together end in 0. (48 is the code of a "0".)"""
    once, thrice = digits[-1::-2], digits[-2::-2]
    return (sum(once) + 3 * sum(thrice) - 48 * (len(once) + 3 * len(thrice))) % 10 == 0
