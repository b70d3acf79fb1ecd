"""The last part of a product's address, made from its name."""

import re
import unicodedata

LENGTH = 120
LONGEST = 160  # with a suffix: longer ones were never given
_WORDS = re.compile(r"[a-z0-9]+")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# Letters that do not fall apart into a plain letter and an accent; apostrophes do not part words.
_FOLDED = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
) | dict.fromkeys(map(ord, "'’®™"))


def slug_of(name: str) -> str:
    """ "Alcova “Olá” lamp" → "alcova-ola-lamp"; "product" for a name without a Latin letter or digit."""
    plain = name.casefold().translate(_FOLDED)
    if not plain.isascii():
        plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    words = _WORDS.findall(plain)
    slug = "-".join(words)
    return (slug[:LENGTH].rpartition("-")[0] or slug[:LENGTH] if len(slug) > LENGTH else slug) or "product"


def with_suffix(slug: str, number: int) -> str:
    """The slug of the product with this id, where another product has the plain one."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return f"{slug}-{digits}"
