"""Forms: what was typed, cleaned and checked, with an error beside each field that needs one."""

import re
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from litestar import Request
from litestar.enums import RequestEncodingType
from litestar.exceptions import ValidationException
from pydantic import BaseModel, ValidationError

MOST_FIELDS = 1000
LARGEST = 2**63 - 1

_NUMBER = re.compile(r"[0-9]{1,19}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Model = TypeVar("Model", bound=BaseModel)


class Invalid(Exception):
    """The form cannot be taken as it is.

    Attributes:
        errors: field name -> a sentence that says what to do.
        values: what was typed, to be shown again.
    """

    def __init__(self, errors: dict[str, str], values: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors
        self.values = values


def clean(text: str) -> str:
    """Without control characters and outer blanks."""
    return _CONTROL.sub("", text).strip()


def number(typed: str) -> int | None:
    """A whole number from 0 that PostgreSQL can hold; None for anything else."""
    found = int(typed) if _NUMBER.fullmatch(typed) else None
    return found if found is not None and found <= LARGEST else None


async def read(request: Request) -> dict[str, str]:
    """The form's text fields; of a repeated field the last value.

    Raises:
        ValidationException: it is no form that a browser would send.
    """
    try:
        fields = [each for each in await _fields(request) if isinstance(each[1], str)]
        "".join(name + value for name, value in fields).encode()
    except (ValueError, LookupError):  # too many fields; no text, or halves of letters; an encoding nobody knows
        raise ValidationException("The form could not be read. Go back and send it again.") from None
    return {name: clean(value) for name, value in fields}


async def _fields(request: Request) -> list[tuple[str, Any]]:
    """Litestar's own reader of ordinary forms remembers the last thousand of them, passwords and all: not used."""
    if request.content_type[0] == RequestEncodingType.URL_ENCODED:
        text = (await request.body()).decode("utf-8", "replace")
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    return list((await request.form()).multi_items())


def checked(model: type[Model], values: dict[str, str]) -> Model:
    """The form as `model`.

    A field's `description` is the sentence shown when it is empty ("Enter your name"); messages of a validator's
    ValueError are shown as they are.

    Raises:
        Invalid: with a sentence for every field that is wrong.
    """
    filled = {name: value for name, value in values.items() if value != ""}
    try:
        return model.model_validate(filled)
    except ValidationError as error:
        errors: dict[str, str] = {}
        for problem in error.errors():  # in the order of the fields; of several for one field the first
            errors.setdefault(str(problem["loc"][0]) if problem["loc"] else "form", _sentence(model, problem))
        raise Invalid(errors, values) from None


def _sentence(model: type[BaseModel], problem: Any) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else ""
    field = model.model_fields.get(name)
    asked = (field.description if field else None) or "Fill in this field"
    match problem["type"]:
        case "missing":
            return asked
        case "string_too_long":
            return f"Use at most {problem['ctx']['max_length']} characters"
        case "value_error":
            return str(problem["ctx"]["error"])
        case _:
            return asked
