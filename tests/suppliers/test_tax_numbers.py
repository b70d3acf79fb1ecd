"""VAT numbers: taken as people write them, refused with words when a digit is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.suppliers.tax_numbers import COUNTRIES, country_names, tax_number


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("PT", "501442600", "501442600"),
        ("PT", "PT 501.442.600", "501442600"),
        ("GR", "EL 094014201", "094014201"),
        ("DE", "DE136695976", "136695976"),
        ("FR", "fr 40 303 265 045", "40303265045"),
    ],
)
def test_a_vat_number_is_kept_in_one_form(country: str, typed: str, kept: str) -> None:
    assert tax_number(country, typed) == kept


@pytest.mark.parametrize("typed", ["501442601", "50144260", "ES501442600", "\x00", "½²³", "٥٠١٤٤٢٦٠٠", "9" * 31])
def test_what_is_no_number_is_refused_with_words(typed: str) -> None:
    with pytest.raises(ValueError, match="no VAT number of Portugal"):
        tax_number("PT", typed)


@given(st.sampled_from(COUNTRIES), st.text(max_size=40))
def test_whatever_is_typed_is_a_number_or_refused_with_words(country: str, typed: str) -> None:
    try:
        assert 0 < len(tax_number(country, typed)) <= 30
    except ValueError as error:
        assert "VAT number" in str(error)


def test_every_country_has_a_name_and_a_check() -> None:
    assert set(country_names()) == set(COUNTRIES)
