"""An address in Portugal that carriers reach, as it is typed: at the checkout, and in an account's address book."""

import re
import string
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field, field_validator

from app.delivery.promises import DeliveryMap
from app.web import forms

POSTCODE = re.compile(r"[0-9]{4}-[0-9]{3}")
WITHOUT_NUMBER = re.compile(r"\bs/?n\b", re.IGNORECASE)
PHONE = re.compile(r"\+?[0-9 ().-]{6,30}")
NOT_SERVED = "We do not deliver to this postcode yet."
FIELDS = ("name", "phone", "line1", "line2", "postcode", "place")


class PostalForm(BaseModel):
    name: Annotated[str, Field(description="Enter your full name", max_length=120)]
    line1: Annotated[str, Field(description="Enter street and number", max_length=200)]
    line2: Annotated[str, Field(max_length=200)] = ""
    postcode: Annotated[str, Field(description="Enter your postcode, for example 1200-109", max_length=20)]
    place: Annotated[str, Field(max_length=80)] = ""
    phone: Annotated[str, Field(max_length=30)] = ""

    @field_validator("name", "line1", "line2", "place")
    @classmethod
    def _one_line(cls, typed: str) -> str:
        return " ".join(typed.split())

    @field_validator("line1")
    @classmethod
    def _numbered(cls, typed: str) -> str:
        if not any(char.isdigit() for char in typed) and not WITHOUT_NUMBER.search(typed):
            raise ValueError("Add the door number, or s/n. The carrier cannot find you without it.")
        return typed

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


def checked(model: type[Form], values: dict[str, str], delivery: DeliveryMap) -> dict[str, Any]:
    """The fields of an address that was typed, its postcode made whole and its town filled in.

    Raises:
        forms.Invalid: with what to mend, the postcode included.
    """
    errors: dict[str, str] = {}
    place = delivery.place_of(values.get("postcode", ""))
    if values.get("postcode") and (place is None or not POSTCODE.fullmatch(place.postcode)):
        digits = sum(char in string.digits for char in values["postcode"])
        errors["postcode"] = NOT_SERVED if digits == 7 else "A Portuguese postcode has 7 digits."
    try:
        form = forms.checked(model, values)
    except forms.Invalid as invalid:
        raise forms.Invalid({**invalid.errors, **errors}, values) from None
    if errors or place is None:
        raise forms.Invalid(errors, values)
    return {**form.model_dump(), "postcode": place.postcode, "place": form.place or place.name}


def postal_address(values: dict[str, str], delivery: DeliveryMap) -> PostalAddress:
    """Raises forms.Invalid: see there."""
    return PostalAddress(**checked(PostalForm, values, delivery))
