"""Forms say beside each field what to do, and keep what was typed."""

import pytest
from pydantic import BaseModel, Field, field_validator

from app.web.forms import Invalid, checked, clean


class Address(BaseModel):
    name: str = Field(max_length=10, description="Enter your name")
    postcode: str = Field(description="Enter your postcode")
    phone: str = ""

    @field_validator("postcode")
    @classmethod
    def _known(cls, text: str) -> str:
        if text != "1200-109":
            raise ValueError("A postcode looks like 1200-109")
        return text


def test_a_good_form_becomes_its_model() -> None:
    assert checked(Address, {"name": "Marta", "postcode": "1200-109", "phone": ""}).name == "Marta"


def test_every_wrong_field_has_its_sentence_and_keeps_its_value() -> None:
    with pytest.raises(Invalid) as caught:
        checked(Address, {"name": "", "postcode": "12"})
    assert caught.value.errors == {"name": "Enter your name", "postcode": "A postcode looks like 1200-109"}
    assert caught.value.values["postcode"] == "12"


def test_a_long_value_says_how_long_it_may_be() -> None:
    with pytest.raises(Invalid) as caught:
        checked(Address, {"name": "M" * 11, "postcode": "1200-109"})
    assert caught.value.errors == {"name": "Use at most 10 characters"}


def test_control_characters_are_dropped() -> None:
    assert clean(" Mar\x00ta\x1b ") == "Marta"
