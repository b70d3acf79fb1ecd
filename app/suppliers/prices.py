"""Prices as suppliers write them: "48,90", "₹32,999", "139.99 USD", "1'234.50", "12 €"."""

import re
from collections.abc import Iterable
from functools import lru_cache

from babel.numbers import get_currency_precision, is_currency

MAX_MINOR = 100_000_000
"""One million with two decimals: more is a mistake."""

_SIGNS = {
    "€": "EUR", "£": "GBP", "₹": "INR", "rs.": "INR", "rs": "INR", "r$": "BRL", "us$": "USD",
    "c$": "CAD", "ca$": "CAD", "a$": "AUD", "au$": "AUD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "mx$": "MXN",
    "zł": "PLN", "kč": "CZK", "lei": "RON", "ft": "HUF", "лв": "BGN", "лв.": "BGN", "₺": "TRY", "₽": "RUB",
    "₩": "KRW", "₪": "ILS", "฿": "THB", "₫": "VND", "₴": "UAH", "fr.": "CHF", "euro": "EUR", "euros": "EUR",
    "円": "JPY", "元": "CNY", "원": "KRW", "￦": "KRW", "nt$": "TWD", "tl": "TRY",
    "руб": "RUB", "руб.": "RUB", "р.": "RUB", "грн": "UAH", "грн.": "UAH", "sfr": "CHF", "sfr.": "CHF",
}  # fmt: skip
# Signs that several currencies share: the supplier's own currency if it is one of them. Only those of one letter have
# a usual meaning without that, the first.
_SHARED = {
    "$": ("USD", "AUD", "CAD", "NZD", "HKD", "SGD", "MXN", "CLP", "COP", "ARS", "TWD"),
    "¥": ("JPY", "CNY"),
    "￥": ("JPY", "CNY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "kr.": ("DKK", "SEK", "NOK", "ISK"),
}
_SPACES = re.compile(r"\s+")  # also the no-break and thin spaces between thousands
# Behind a price with tax: "12,99 € inkl. MwSt.". One without tax keeps its words, and is no number.
_WITH_TAX = re.compile(
    r"[ (]+(?:(?:incl|inkl|inc|iva|con|com|s)\.? )?"
    r"(?:vat|mwst|ust|iva|btw|tva|moms|gst|tax|ttc|dph|incl|inclusa|incluido)\.?\)?$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"^[0-9]{1,15}$")
_PLAIN = re.compile(r"^[0-9]{1,9}(?:\.[0-9]{1,2})?$")
_UNSURE = re.compile(r"[^0-9.,]*[1-9][0-9]{0,2}\.[0-9]{3}[^0-9.,]*")
_CENTS = re.compile(r"[0-9]([.,])[0-9]{1,2}[^0-9.,]*$")
_THOUSANDS_TWICE = re.compile(r"[0-9]([.,])[0-9]{3}\1[0-9]{3}(?![0-9])")
# Where these are used a point stands between thousands and a comma before cents.
_COMMA_CURRENCIES = frozenset(
    ["ARS", "BRL", "CLP", "COP", "CZK", "DKK", "HUF", "IDR", "ISK", "MKD", "PYG", "RON", "RSD", "TRY", "UYU", "VND"]
)
_HONEST_DECIMALS = 8
_ADVICE = "Write it like 48.90, with the currency after it if it is not your usual one."


class PriceInvalid(ValueError):
    """Why a price cannot be taken, and what to write instead; both for the supplier."""

    def __init__(self, reason: str, advice: str = _ADVICE) -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice


@lru_cache(maxsize=65_536)
def parse_price(text: str, default_currency: str, decimal_comma: bool = False) -> tuple[int, str]:
    """Integer minor units and the ISO currency, which is `default_currency` where the text names none.

    `decimal_comma`: the rest of the feed writes a comma before cents. Without that one comma before three digits
    separates thousands; one point before three digits could be either, and is refused. Raises PriceInvalid.
    """
    if _PLAIN.match(text) and _digits(default_currency) == 2:
        whole, _, cents = text.partition(".")
        return _checked(text, int(whole) * 100 + int(cents.ljust(2, "0") or 0)), default_currency
    plain = _WITH_TAX.sub("", _SPACES.sub(" ", text)).strip()
    amount, currency = _split_currency(plain, default_currency)
    comma = decimal_comma or currency in _COMMA_CURRENCIES
    return _checked(plain, _minor(plain, amount, _digits(currency), comma)), currency


def is_unsure(text: str, currency: str) -> bool:
    """Whether a point before three digits is all that tells cents from thousands ("1.234 €")."""
    return "." in text and _UNSURE.fullmatch(text) is not None and _digits(currency) == 2


def writes_decimal_comma(texts: Iterable[str]) -> bool:
    """Whether a column of prices, as sent, has a comma before cents: some show it and none shows a point."""
    return {mark for text in texts if (mark := _telling_mark(text))} == {","}


def _telling_mark(text: str) -> str:
    """`12,5` and `1.234.567` tell a comma, `12.50` and `1,234,567` a point, `1,234` and `1.234` nothing."""
    if found := _CENTS.search(text):
        return found.group(1)
    if found := _THOUSANDS_TWICE.search(text):
        return "," if found.group(1) == "." else "."
    return ""


def _checked(text: str, minor: int) -> int:
    if minor <= 0:
        raise PriceInvalid("A price must be more than zero.", "Leave the row out if the product is not for sale.")
    if minor > MAX_MINOR:
        raise PriceInvalid(f'"{_shown(text)}" is more than we take for one product.', "Check the decimal mark.")
    return minor


@lru_cache(maxsize=512)
def _digits(currency: str) -> int:
    return get_currency_precision(currency)


@lru_cache(maxsize=512)
def known_currency(code: str) -> bool:
    """Whether `code` is an ISO 4217 code in capitals."""
    return len(code) == 3 and code.isascii() and code.isalpha() and code.isupper() and is_currency(code)


def _split_currency(text: str, default: str) -> tuple[str, str]:
    if len(text) > 60:
        raise PriceInvalid(f'"{_shown(text)}" is not a price.')
    if not any(char.isdigit() for char in text):
        raise PriceInvalid(f'"{_shown(text)}" is not a number.' if text else "There is no price.")
    before = re.match(r"^[^0-9.,'’+\-–—(\s]+\.?(?=\s?[0-9.,+\-–—(])", text)
    after = re.search(r"(?<=[0-9.,'’\-–—)\s])[^0-9.,'’+\-–—()\s]+\.?$", text)
    # A sign may stand between minus and digits ("-€5"): the minus is what matters, and it stays in the amount.
    found = [(match, code) for match in (before, after) if match and (code := _currency(match.group(), default))]
    if len({code for _, code in found}) > 1:
        raise PriceInvalid(f'"{_shown(text)}" names two currencies.')
    if not found:
        _refuse_unknown_code(text, before, after)
        return text, default
    start = before.end() if before and found[0][0] is before else 0
    end = after.start() if after and found[-1][0] is after else len(text)
    amount, currency = text[start:end].strip(), found[0][1]
    if currency == "JPY" and found[0][0].group() in "¥￥" and _CENTS.search(amount):
        currency = "CNY"  # the yen has no cents
    return amount, currency


def _currency(word: str, default: str) -> str | None:
    low = word.lower()
    if word.upper() == default:
        return default
    if shared := _SHARED.get(low):
        if default not in shared and len(low) > 1:
            raise PriceInvalid(f'"{word}" is the sign of several currencies.', "Use an ISO code, such as SEK.")
        return default if default in shared else shared[0]
    if sign := _SIGNS.get(low):
        return sign
    return word.upper() if known_currency(word.upper()) else None


def _refuse_unknown_code(text: str, *words: re.Match[str] | None) -> None:
    for word in words:
        if word and len(word.group()) == 3 and word.group().isalpha():
            raise PriceInvalid(f'"{word.group()}" is not a currency that we know.', "Use its ISO code, such as EUR.")


def _minor(text: str, amount: str, digits: int, comma: bool) -> int:
    if re.search(r"[0-9]\s*[-–—]\s*[0-9]", amount):
        raise PriceInvalid(f'"{_shown(text)}" is a range. An offer has one price.', "Send a row for each variant.")
    amount = re.sub(r"[.,:][-–—]+$", "", amount)  # "48,-" is how some countries write a round price
    if re.match(r"^\s*[-–—(]|.*[-–—]\s*$", amount):
        raise PriceInvalid(f'"{_shown(text)}" is negative. A price must be more than zero.')
    amount = amount.removeprefix("+").strip()
    if letters := [char for char in amount if char.isalpha()]:
        raise PriceInvalid(f'"{_shown(text)}" is not a number (letter {letters[0]}).')
    whole, decimals = _split_decimals(text, amount, digits, comma)
    if len(decimals) > _HONEST_DECIMALS and decimals.isdigit():
        whole, decimals = _without_noise(whole, decimals)
    if not _DIGITS.match(whole or "0") or (decimals and not _DIGITS.match(decimals)) or not (whole or decimals):
        raise PriceInvalid(f'"{_shown(text)}" is not a number.')
    if decimals[digits:].strip("0"):
        allowed = f"{digits} decimals" if digits else "no decimals"
        raise PriceInvalid(f'"{_shown(text)}" has too many decimals: this currency has {allowed}.')
    return int(whole or "0") * 10**digits + int(decimals[:digits].ljust(digits, "0") or "0")


def _without_noise(whole: str, decimals: str) -> tuple[str, str]:
    """19.989999999999998 is how a computer writes the 19.99 that it has calculated."""
    near = str(int((whole or "0") + decimals[:_HONEST_DECIMALS]) + (decimals[_HONEST_DECIMALS] >= "5"))
    return near[:-_HONEST_DECIMALS], near[-_HONEST_DECIMALS:].zfill(_HONEST_DECIMALS)


def _split_decimals(text: str, amount: str, digits: int, comma: bool) -> tuple[str, str]:
    """The digits before and after the decimal mark."""
    marks = [char for char in amount if char in ".,"]
    if not marks:
        return _join_thousands(text, amount), ""
    last = marks[-1]
    before, _, after = amount.rpartition(last)
    if len(set(marks)) == 1 and (len(marks) > 1 or _is_thousands(text, last, before, after, digits, comma)):
        return _join_thousands(text, amount), ""
    if last in before:
        raise PriceInvalid(f'"{_shown(text)}" is not a number.')
    return _join_thousands(text, before), after


def _is_thousands(text: str, mark: str, before: str, after: str, digits: int, comma: bool) -> bool:
    """Whether the only mark in an amount separates thousands; `comma`: it does not if it is one."""
    if len(after) != 3 or digits == 3 or not 1 <= len(before) <= 3 or before.startswith("0"):
        return False
    if mark == "." and digits and not comma:
        advice = f"Write {before}{after}.00 for the whole number, or a price with two decimals."
        raise PriceInvalid(f'"{_shown(text)}" could be {before},{after} or {before} and a fraction.', advice)
    return not (mark == "," and digits and comma)


def _join_thousands(text: str, whole: str) -> str:
    """`1'234`, `1.234.567` and the Indian `1,23,456` without their marks."""
    groups = re.split(r"[.,'’ ]", whole)
    grouped = len(groups) > 1
    if grouped and (len(groups[-1]) != 3 or not groups[0] or not all(len(group) in (2, 3) for group in groups[1:])):
        raise PriceInvalid(f'"{_shown(text)}" is not a number: its thousands are not in groups of three.')
    return "".join(groups)


def _shown(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text[:40])
