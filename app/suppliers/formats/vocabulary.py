"""The names that suppliers give to their columns, and ours."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from app.suppliers.formats.column_names import NAMES, NET_PRICES, SHOWN, STATUS

ATTRIBUTE_FIELDS = frozenset({"Material", "Pattern", "Gender", "Age group"})
FIELDS = frozenset(NAMES) - ATTRIBUTE_FIELDS
PRICES = frozenset({"price", "sale_price", "list_price"})

_PREFIXED = re.compile(
    r"^\s*(?:(?P<options>options?)|(?P<attributes>attributes?|attr|specs?)|(?P<stocks>stocks?))\s*[:.\[]\s*"
    r"(?P<name>[^\]]*[^\]\s])\s*\]?\s*$",
    re.IGNORECASE,
)
# Letters that Unicode does not take apart into a plain one and its mark.
_PLAIN_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_LOOSE = 100  # added to the rank of a name that is only known without what stands at its end
_CURRENCIES = frozenset([
    "aud", "bgn", "brl", "cad", "chf", "clp", "cny", "cop", "czk", "dkk", "eur", "gbp", "hkd", "huf", "ils", "inr",
    "jpy", "krw", "mxn", "nok", "nzd", "pln", "ron", "rub", "sek", "sgd", "try", "twd", "uah", "usd", "zar",
])  # fmt: skip
_CURRENCY_SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "zł": "PLN", "kč": "CZK", "₽": "RUB", "₺": "TRY"}
# A column for each language: the shop's own comes first.
_LANGUAGE = re.compile(
    r"[-_ .(\[]{1,2}(?P<language>en|de|fr|es|pt|it|nl|pl|cs|sk|ro|hu|sv|da|nb|fi|el|tr|ru|bg)(?:[-_][A-Za-z]{2})?"
    r"(?:-[A-Za-z0-9_]{1,30})?[)\]]?$"
)
_IN_LANGUAGES = frozenset({"title", "description", "category", "brand", "note", "colour", "size"})


class Meaning(NamedTuple):
    """What one column holds: a field, or with `key` one entry of options, attributes or stocks."""

    field: str
    rank: int
    """The lower, the more telling the name: `sku` beats `id` when a feed has both."""
    key: str = ""
    currency: str = ""
    """ISO code: the name says in which one its prices are ("Price (EUR)")."""


def normal(name: str) -> str:
    """`" Preço_(EUR) "` → `"preco eur"`. Letters of every script count."""
    if name.isascii():
        return " ".join(re.findall(r"[a-z0-9]+", name.lower()))
    bare = unicodedata.normalize("NFKD", name.strip().casefold().translate(_PLAIN_LETTERS))
    return " ".join(re.findall(r"[^\W_]+", "".join(char for char in bare if not unicodedata.combining(char))))


def _index() -> dict[str, Meaning]:
    return {
        normal(name): Meaning(field, rank)
        for field, names in NAMES.items()
        for rank, name in enumerate(names.split(", "))
    }


_MEANINGS = _index()
_NET_PRICES = frozenset(normal(name) for name in NET_PRICES.split(", "))
_SHOWN, _STATUS = frozenset(SHOWN.split(", ")), frozenset(STATUS.split(", "))


@lru_cache(maxsize=4096)
def meaning(name: str) -> Meaning | None:
    """What a supplier's column, key or element name stands for, or None when it is not one of ours.

    `g:price` and `Price` mean the same. `stock:LIS`, `option:Colour` and `attributes[Material]` name one entry.
    """
    if name.startswith("@"):
        return None  # JSON-LD says with these what kind of thing it is about
    plain = normal(name)
    known = _MEANINGS.get(plain) or _MEANINGS.get(plain.removeprefix("g ")) or _MEANINGS.get(_split_camel(name))
    if known is None:
        return _loosely(name, plain) or _entry(name)
    if known.field == "stock" and name.rstrip().endswith("?"):
        return Meaning("availability", known.rank)  # "¿Existencias?" is answered with yes or no
    if known.field in PRICES and not name.isascii():
        return known._replace(currency=_currency_sign(name))
    return known


def is_net_price(name: str) -> bool:
    """Whether a column holds prices to which a shopper's tax would be added."""
    return normal(name[:200]) in _NET_PRICES


def is_about_showing(name: str) -> Literal["shown", "status", ""]:
    """Whether a column says with yes or no, or in a word for a state, if a product is for sale at all."""
    plain = normal(name[:200])
    return "shown" if plain in _SHOWN else "status" if plain in _STATUS else ""


def _loosely(name: str, plain: str) -> Meaning | None:
    """The meaning of a name without the currency, the language or the number at its end."""
    begin, _, last = plain.rpartition(" ")
    known = _MEANINGS.get(begin)
    if known and last in _CURRENCIES and known.field in PRICES:
        return Meaning(known.field, known.rank + _LOOSE, currency=last.upper())
    if known and last == "1" and known.field == "image":
        return Meaning("image", known.rank + _LOOSE)
    if found := _LANGUAGE.search(name):
        known = _MEANINGS.get(normal(name[: found.start()]))
        if known and known.field in _IN_LANGUAGES:
            return Meaning(known.field, known.rank + _LOOSE * (1 if found["language"] == "en" else 2))
    return None


def _entry(name: str) -> Meaning | None:
    prefixed = _PREFIXED.match(name)
    if prefixed is None or prefixed.lastgroup is None:
        return None
    field = next(kind for kind in ("options", "attributes", "stocks") if prefixed.group(kind))
    return Meaning(field, 0, prefixed.group("name").strip())


def _currency_sign(name: str) -> str:
    low = name.lower()
    return next((code for sign, code in _CURRENCY_SIGNS.items() if sign in low), "")


def _split_camel(name: str) -> str:
    return normal(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name))
