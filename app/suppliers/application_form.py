"""What a business that wants to sell is asked for, and what is said when an answer does not fit."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field

from app.accounts.asked import Email, NewPassword
from app.delivery.countries import in_order, in_words
from app.delivery.postcodes import examples, marked
from app.delivery.promises import DeliveryMap, Place
from app.suppliers.tax_numbers import COUNTRIES, tax_number
from app.web import forms

OWN_PLACE = "own"
AGREE = "You can apply once you agree to this"

# As on the page: the errors above the form are listed in this order.
FIELDS = (
    "name", "legal_name", "tax_country", "tax_number", "website", "sells", "currency", "ships_from",
    "place_country", "postcode", "contact_name", "email", "phone", "password", "agree",
)  # fmt: skip


@dataclass(frozen=True)
class Offered:
    """What the form lets a business choose from."""

    categories: tuple[tuple[str, str], ...]  # (path, name)
    currencies: tuple[str, ...]
    warehouses: tuple[tuple[str, str], ...]  # (code, place)
    map: DeliveryMap

    @property
    def countries(self) -> dict[str, str]:
        """Where a business may ship from a place of its own: country -> name."""
        return in_order(self.map.countries())

    def own_country(self, values: dict[str, str]) -> str:
        """The chosen one, or the first; "" where we deliver to none."""
        return values.get("place_country") or next(iter(self.countries), "")

    def own_place(self, values: dict[str, str]) -> Place | None:
        return self.map.place_of(marked(self.own_country(values), values.get("postcode", "")))


def visible(text: str) -> str:
    """One line of visible characters: nothing in it can turn the direction of what stands around it."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(char for char in line if char.isprintable())


def _named(text: str) -> str:
    name = visible(text)
    if not any(char.isalnum() for char in name):
        raise ValueError("Use letters or digits here")
    return name


def _phone(text: str) -> str:
    number = visible(text)
    if not re.fullmatch(r"\+?[0-9 ()./-]+", number) or not 6 <= sum(char.isdigit() for char in number) <= 15:
        raise ValueError("Enter a phone number such as +351 210 000 000")
    return number


def _website(text: str) -> str:
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    is_site = re.fullmatch(r"[\w-]+(\.[\w-]+)+", host) and parts.scheme in ("http", "https") and "@" not in parts.netloc
    if not is_site or not address.isprintable() or " " in address:
        raise ValueError("Enter the address of your website, such as www.example.pt")
    return address


def _agreed(is_set: bool) -> bool:
    if not is_set:
        raise ValueError(AGREE)
    return is_set


class Asked(BaseModel):
    """The answers that are judged by themselves."""

    name: Annotated[
        str, Field(description="Enter the name that shoppers will see", max_length=80), AfterValidator(_named)
    ]
    legal_name: Annotated[
        str,
        Field(description="Enter the name the business is registered under", max_length=160),
        AfterValidator(_named),
    ]
    website: Annotated[str, Field(max_length=190), AfterValidator(_website)] = ""
    contact_name: Annotated[
        str, Field(description="Enter the name of the person we talk to", max_length=120), AfterValidator(_named)
    ]
    email: Email
    phone: Annotated[str, Field(description="Enter a phone number", max_length=30), AfterValidator(_phone)]
    agree: Annotated[bool, Field(description=AGREE), AfterValidator(_agreed)]


class AskedOfStrangers(Asked):
    password: NewPassword


@dataclass(frozen=True)
class Application:
    """A form that can be taken."""

    asked: Asked
    password: str  # "" from an account that is signed in
    tax_country: str
    tax_number: str
    sells: list[str]  # paths of categories
    currency: str
    warehouse: str  # a code; "" where the business ships from its own place
    own_place: Place | None


def checked(values: dict[str, str], offered: Offered, *, has_account: bool) -> Application:
    """The form as an application.

    Raises:
        Invalid: with a sentence for every field that is wrong, in the order of the page.
    """
    errors = dict(_misfits(values, offered))
    try:
        asked = forms.checked(Asked if has_account else AskedOfStrangers, values)
    except forms.Invalid as invalid:
        errors.update(invalid.errors)
    if errors:
        raise forms.Invalid({name: errors[name] for name in FIELDS if name in errors}, values)
    is_own = values["ships_from"] == OWN_PLACE
    return Application(
        asked=asked,
        password=asked.password if isinstance(asked, AskedOfStrangers) else "",
        tax_country=values["tax_country"],
        tax_number=tax_number(values["tax_country"], values["tax_number"]),
        sells=_sells(values, offered),
        currency=values["currency"],
        warehouse="" if is_own else values["ships_from"],
        own_place=offered.own_place(values) if is_own else None,
    )


def _misfits(values: dict[str, str], offered: Offered) -> Iterator[tuple[str, str]]:
    """Field and sentence of what does not fit what we offer, or another answer."""
    country, ships_from = values.get("tax_country", ""), values.get("ships_from", "")
    if country not in COUNTRIES:
        yield "tax_country", "Choose the country of the VAT number"
    else:
        try:
            tax_number(country, values.get("tax_number", ""))
        except ValueError as error:
            yield "tax_number", str(error)
    if not _sells(values, offered):
        yield "sells", "Choose at least one kind of goods"
    if values.get("currency") not in offered.currencies:
        yield "currency", "Choose the currency of your prices"
    if ships_from == OWN_PLACE and offered.countries:
        yield from _misplaced(values, offered)
    elif ships_from not in dict(offered.warehouses):
        yield "ships_from", "Choose where your goods leave from"


def _misplaced(values: dict[str, str], offered: Offered) -> Iterator[tuple[str, str]]:
    """What is wrong with a place of the business's own."""
    country, place = offered.own_country(values), offered.own_place(values)
    if country not in offered.countries:
        yield "place_country", "Choose the country that you ship from"
    elif place is None:
        yield "postcode", f"Enter the postcode in {in_words(country)} that you ship from, such as {examples(country)}"
    elif not offered.map.is_reached(place.zone):
        yield "postcode", "No warehouse of ours sends there yet, so we know no dates for goods that leave from there"


def _sells(values: dict[str, str], offered: Offered) -> list[str]:
    return [path for path, _ in offered.categories if values.get(f"sells-{path}")]
