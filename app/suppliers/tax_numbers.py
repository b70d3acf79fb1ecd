"""VAT numbers of businesses: the countries whose numbers we can check, and the check."""

from functools import cache

from babel import Locale
from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

# The European Union, and neighbours.
COUNTRIES = (
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IS", "IT",
    "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
LONGEST = 30


@cache
def country_names() -> dict[str, str]:
    """ISO code → English name, in the order of the names."""
    territories = Locale("en").territories
    return dict(sorted(((code, territories[code]) for code in COUNTRIES), key=lambda pair: pair[1]))


def tax_number(country: str, typed: str) -> str:
    """The number without blanks, marks and its country's letters: "PT 501 442 600" → "501442600".

    Whether the number is in use, only the tax office knows: an operator asks there.

    Raises:
        ValueError: with a sentence; the country is one of COUNTRIES.
    """
    if not typed:
        raise ValueError("Enter the VAT number of the business")
    numbers = get_cc_module(country.lower(), "vat")
    try:
        if numbers and len(typed) <= LONGEST:
            return str(numbers.validate(typed))
    except ValidationError:
        pass
    raise ValueError(f"This is no VAT number of {country_names()[country]}. Check every digit, and the country")
