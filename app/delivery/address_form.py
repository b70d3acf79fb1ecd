"""What the form of an address shows: the countries we deliver to, and the fields of the one that is chosen."""

from collections.abc import Mapping
from typing import Any

from app.delivery.addresses import FIELDS, country_of
from app.delivery.countries import home, in_order, is_known, name_of, shape_of
from app.delivery.promises import DeliveryMap


def is_update(values: Mapping[str, str]) -> bool:
    """Whether only the form is to follow its country: by the button "Update form", or because another was chosen."""
    return "update" in values


def form_of(values: Mapping[str, str], delivery: DeliveryMap) -> dict[str, Any]:
    """For `delivery/_address_fields.html`: `countries`, `country`, `lines` (of fields), and what was typed for fields
    that this country does not have (`hidden`): it is there again if the shopper changes back.
    """
    country = country_of(values)
    countries = in_order(delivery.countries())
    if is_known(country):
        countries.setdefault(country, name_of(country))  # of an older address, say: what is wrong stands beside it
    shape = shape_of(country if is_known(country) else home(), values.get("region", ""), values.get("place", ""))
    example = next(iter(shape.examples), "")
    shown = {"name", "phone", "line2", "country", *(field.name for line in shape.lines for field in line)}
    return {
        "countries": countries,
        "country": country,
        "lines": shape.lines,
        "example": example,
        "is_numeric": all(not char.isalpha() for each in shape.examples for char in each),
        "hidden": {name: values[name] for name in FIELDS if name not in shown and values.get(name)},
    }
