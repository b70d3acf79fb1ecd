"""Postcodes as people type them, each in its country.

Where one stands alone (a cookie, an account's row, the table of prefixes, a carrier's file), that of another country
than the shop's is marked with it: "1200-109" is Portugal's, "ES:28013" is Spain's. Unmarked, Setúbal and Madrid would
begin alike.
"""

import re

from app.delivery.countries import examples_of, home, is_known, postcode_fits

LONGEST = 12

_PORTUGUESE = re.compile(r"\s*([0-9]{4})(?:\s*[-\u2010-\u2015\u2212]?\s*([0-9]{3}))?\s*")  # phones write long dashes
_MARKED = re.compile(r"([A-Z]{2}):(.*)", re.DOTALL)
_SIGN = re.compile(r"[0-9A-Za-z]")


def marked(country: str, code: str) -> str:
    """A code of the country as it can stand alone."""
    return code if country == home() and ":" not in code else f"{country}:{code}"


def unmarked(text: str) -> tuple[str, str]:
    """Country and code of what stands alone; the code as it was typed."""
    match = _MARKED.fullmatch(text)
    return (match[1], match[2]) if match else (home(), text)


def normal(country: str, typed: str) -> str | None:
    """The code as its country writes it; None if it is none of the country.

    "1200109" -> "1200-109" in Portugal, where the first four digits alone stay "1200"; "sw1a1aa" -> "SW1A 1AA" in Great
    Britain; "" where there are no postcodes.
    """
    if country == "PT":
        return _portuguese(typed)
    if not typed.isascii() or len(typed) > 2 * LONGEST or not is_known(country):
        return None
    code = _spaced(country, typed.upper())
    return code if len(code) <= LONGEST and postcode_fits(country, code) else None


def examples(country: str) -> str:
    """ "1200-109"; "" where there are no postcodes."""
    return next(iter(examples_of(country)), "")


def looks_like(country: str) -> str:
    return f"A postcode looks like {examples(country)}"


def signs(code: str) -> str:
    """Letters and digits alone: what prefixes are compared by."""
    return "".join(_SIGN.findall(code))


def _portuguese(typed: str) -> str | None:
    match = _PORTUGUESE.fullmatch(typed)
    if match is None:
        return None
    area, rest = match.groups()
    return f"{area}-{rest}" if rest else str(area)


def _spaced(country: str, typed: str) -> str:
    """With blanks and marks where an example of as many signs has them; of another length as it was typed."""
    given = signs(typed)
    for example in examples_of(country):
        if len(signs(example)) == len(given):
            rest = iter(given)
            spaced = "".join(next(rest) if _SIGN.match(each) else each for each in example)
            if postcode_fits(country, spaced):
                return spaced
    return " ".join(typed.split())
