"""The address of an order: one that carriers reach, and where mails about it go."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from app.accounts.emails import email_address
from app.accounts.sessions import Viewer
from app.delivery import address_book
from app.delivery.addresses import NOT_SERVED, PostalAddress, PostalForm, checked
from app.delivery.estimate import DeliveryMap
from app.orders.wanted import Address
from app.web import forms


class EmailForm(BaseModel):
    """An address that we can write to, kept as an account's is: the order is found by it, and a code counts by it."""

    email: Annotated[str, Field(description="Enter your e-mail address"), AfterValidator(email_address)]


class AddressForm(PostalForm, EmailForm):
    """The e-mail address is asked for first."""


def address_of(values: dict[str, str], delivery: DeliveryMap) -> Address:
    """The address that was typed, its postcode made whole and its town filled in.

    Raises:
        forms.Invalid: with what to mend, the postcode included.
    """
    return Address(**checked(AddressForm, values, delivery))


async def given_address(values: dict[str, str], viewer: Viewer | None, delivery: DeliveryMap) -> Address:
    """The address that was chosen from the shopper's address book, or typed; one that was typed is kept there if so
    wished. A shopper with an account gets mails about an order where all others go.

    Raises:
        forms.Invalid: with what to mend.
    """
    if viewer is None:
        return address_of(values, delivery)
    if "saved" in values:
        return await _saved(values, viewer, delivery)
    address = address_of({**values, "email": viewer.email}, delivery)
    if "save" in values:
        typed = {name: value for name, value in vars(address).items() if name != "email"}
        try:
            await address_book.add(viewer.id, PostalAddress(**typed))
        except address_book.BookFull as full:
            raise forms.Invalid({"save": str(full)}, values) from None
    return address


async def _saved(values: dict[str, str], viewer: Viewer, delivery: DeliveryMap) -> Address:
    entry = await address_book.entry_of(viewer.id, forms.number(values["saved"]))
    if entry is None:
        raise forms.Invalid({"saved": "Choose one of your addresses, or enter another one"}, values)
    if delivery.place_of(entry.address.mark) is None:
        raise forms.Invalid({"saved": NOT_SERVED}, values)
    return Address(email=viewer.email, **vars(entry.address))
