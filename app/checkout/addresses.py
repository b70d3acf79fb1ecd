"""The address form: an address in Portugal that the carriers reach."""

import re
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, Field, field_validator

from app.delivery.estimate import DeliveryMap
from app.orders.wanted import Address
from app.web import forms

POSTCODE = re.compile(r"[0-9]{4}-[0-9]{3}")
WITHOUT_NUMBER = re.compile(r"\bs/?n\b", re.IGNORECASE)
PHONE = re.compile(r"\+?[0-9 ().-]{6,30}")


class AddressForm(BaseModel):
    email: Annotated[str, Field(description="Enter your e-mail address", max_length=254)]
    name: Annotated[str, Field(description="Enter your full name", max_length=120)]
    line1: Annotated[str, Field(description="Enter street and number", max_length=200)]
    line2: Annotated[str, Field(max_length=200)] = ""
    postcode: Annotated[str, Field(description="Enter your postcode, for example 1200-109", max_length=20)]
    place: Annotated[str, Field(max_length=80)] = ""
    phone: Annotated[str, Field(max_length=30)] = ""

    @field_validator("email")
    @classmethod
    def _email(cls, typed: str) -> str:
        try:
            return validate_email(typed, check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise ValueError("Enter an e-mail address like name@example.pt") from error

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


def address_of(values: dict[str, str], delivery: DeliveryMap) -> Address:
    """The address that was typed, its postcode made whole and its town filled in.

    Raises:
        forms.Invalid: with what to mend, the postcode included.
    """
    errors: dict[str, str] = {}
    place = delivery.place_of(values.get("postcode", ""))
    if values.get("postcode") and (place is None or not POSTCODE.fullmatch(place.postcode)):
        digits = sum(char.isdigit() for char in values["postcode"])
        not_served = "We do not deliver to this postcode yet."
        errors["postcode"] = not_served if digits == 7 else "A Portuguese postcode has 7 digits."
    try:
        form = forms.checked(AddressForm, values)
    except forms.Invalid as invalid:
        raise forms.Invalid({**invalid.errors, **errors}, values) from None
    if errors or place is None:
        raise forms.Invalid(errors, values)
    typed = form.model_dump()
    return Address(**{**typed, "postcode": place.postcode, "place": form.place or place.name})
