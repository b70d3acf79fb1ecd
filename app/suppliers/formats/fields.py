"""From a supplier's names and values to the fields of a RawRow."""

import json
import unicodedata
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from app.suppliers.formats.raw import Fields
from app.suppliers.formats.vocabulary import ATTRIBUTE_FIELDS, Meaning

DEEPEST = 20  # lists and objects inside one another; no honest field has more than three
_DICTS = ("options", "attributes", "stocks")
_SAY_SOMETHING_TOGETHER = ATTRIBUTE_FIELDS | {
    *("sale_price", "list_price", "sale_period", "google_category", "subcategory", "link"),
}


def assemble(found: Iterable[tuple[Meaning, Any]]) -> Fields:
    """Fields from meanings and their values (text; JSON lists and dicts too). The best-ranked name wins, and
    another name of the same field fills in where it is empty, but never for the SKU: a SKU is an identity."""
    fields: Fields = {}
    for place, value in sorted(found, key=_rank):
        if place.field == "sku":
            fields.setdefault("sku", as_text(value))
        elif value in ("", None, [], {}):
            continue
        elif place.key or place.field in _DICTS or (isinstance(value, dict) and _is_by_warehouse(place.field, value)):
            entries = {place.key: as_text(value)} if place.key else as_pairs(value)
            name = "stocks" if place.field == "stock" else place.field
            known = fields.setdefault(name, {})
            known.update({key: text for key, text in entries.items() if key not in known})
        elif place.field not in fields and (text := value if isinstance(value, str) else _flat(place.field, value)):
            fields[place.field] = in_currency(text, place.currency) if place.currency else text
    if not fields.get("sku"):
        fields.pop("sku", None)
    return settle(fields)


def _is_by_warehouse(field: str, value: dict[str, Any]) -> bool:
    return field == "stock" and "value" not in value


def in_currency(price: str, currency: str) -> str:
    """A price of a column that names its currency; what the price says itself counts more."""
    return (
        price if any(char.isalpha() or unicodedata.category(char) == "Sc" for char in price) else f"{price} {currency}"
    )


def _rank(found: tuple[Meaning, Any]) -> int:
    return found[0].rank


def settle(fields: Fields) -> Fields:
    """Decide what several fields say together: which price is asked, which category holds. Changes `fields`."""
    if _SAY_SOMETHING_TOGETHER.isdisjoint(fields):
        return fields
    _settle_price(fields)
    _settle_category(fields)
    for name in ATTRIBUTE_FIELDS & fields.keys():
        fields.setdefault("attributes", {}).setdefault(name, fields.pop(name))
    link = fields.pop("link", None)
    if "sku" not in fields and link:
        fields["sku"] = sku_from(link.partition("?")[0])
    return fields


def sku_from(identity: str) -> str:
    """A stable SKU for a feed that has none: the same address or name gives the same SKU next time."""
    return "auto-" + blake2b(identity.strip().encode("utf-8", "replace"), digest_size=8).hexdigest()


def _settle_price(fields: Fields) -> None:
    sale = fields.pop("sale_price", None)
    usual = fields.get("price")
    if sale and usual and _is_zero(sale):
        sale = None
    if usual and _is_zero(fields.get("list_price", "")):
        del fields["list_price"]
    if sale:
        fields["price"] = sale
        if listed := fields.get("list_price") or usual:
            fields["list_price"] = listed
    elif not usual and "list_price" in fields:
        fields["price"] = fields.pop("list_price")
    if not sale:
        fields.pop("sale_period", None)


def _is_zero(price: str) -> bool:
    """ "0,00" as a sale or list price is how many shops export that there is none."""
    return "0" in price and not any("1" <= char <= "9" for char in price)


def _settle_category(fields: Fields) -> None:
    google = fields.pop("google_category", None)
    below = fields.pop("subcategory", None)
    if google and "category" not in fields:
        fields["category"] = google
    if below:
        above = fields.get("category")
        fields["category"] = f"{above} > {below}" if above else below


def as_text(value: Any, depth: int = 0) -> str:
    """A JSON value as the text a CSV would have held: true, 48.90, or the first of a list. Too deep a nest is empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if depth > DEEPEST:
        return ""
    if isinstance(value, list):
        return ", ".join(text for one in value if (text := as_text(one, depth + 1)))
    if isinstance(value, dict):
        for key in ("name", "value", "amount", "title", "url", "src", "href", "link"):
            if key in value:
                return as_text(value[key], depth + 1)
        return ""
    return "" if value is None else str(value)


def _flat(field: str, value: Any) -> str:
    """Text of a nested value. {"amount": "48.90", "currency": "EUR"} also tells the currency."""
    if isinstance(value, list) and field != "category":
        value = next((one for one in value if one), "")
    if isinstance(value, list):
        return " > ".join(map(as_text, value))
    if isinstance(value, dict) and "price" in field:
        currency = as_text(value.get("currency") or value.get("currencyCode") or value.get("currency_code"))
        amount = as_text({key: value[key] for key in ("amount", "value") if key in value})
        return f"{amount} {currency}".strip() if amount else ""
    return as_text(value)


def as_pairs(value: Any) -> dict[str, str]:
    """Name → text, from a dict, from [{"name": …, "value": …}], from JSON text, or from "Name: text; Name: text"."""
    if isinstance(value, str):
        return _pairs_in(value)
    if isinstance(value, dict):
        return {name: text for name, one in value.items() if (text := as_text(one))}
    pairs: dict[str, str] = {}
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict):
            name = as_text(
                one.get("name")
                or one.get("attribute_name")
                or one.get("attribute_code")
                or one.get("warehouse")
                or one.get("code")
            )
            text = as_text(next((one[key] for key in _VALUE_KEYS if key in one), ""))
            if name and text:
                pairs[name] = text
        elif isinstance(one, str):
            pairs.update(_pairs_in(one))
    return pairs


_VALUE_KEYS = ("value", "attribute_value", "options", "option", "quantity", "qty", "stock", "on_hand")


def _pairs_in(text: str) -> dict[str, str]:
    if text.lstrip()[:1] in ("{", "["):
        try:
            return as_pairs(json.loads(text, parse_float=str, parse_int=str))
        except (ValueError, RecursionError):
            return {}
    separator = next((mark for mark in (";", "|", "\n") if mark in text), None)
    if separator is None and text.count(":") + text.count("=") > 1:
        separator = ","
    pairs: dict[str, str] = {}
    for part in text.split(separator) if separator else [text]:
        mark = ":" if ":" in part else "="
        name, found, one = part.partition(mark)
        if found and name.strip() and one.strip():
            pairs[name.strip()] = one.strip()
    return pairs
