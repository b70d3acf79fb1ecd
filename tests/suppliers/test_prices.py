import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.suppliers.prices import PriceInvalid, parse_price, writes_decimal_comma


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("48.90", (4890, "EUR")),
        ("48,90", (4890, "EUR")),
        ("48.9", (4890, "EUR")),
        ("48", (4800, "EUR")),
        (".99", (99, "EUR")),
        ("48.9000", (4890, "EUR")),
        ("48,-", (4800, "EUR")),
        ("1.234,50", (123450, "EUR")),
        ("1,234.50", (123450, "EUR")),
        ("1,234", (123400, "EUR")),
        ("1 234,00", (123400, "EUR")),
        ("1\u00a0234,00", (123400, "EUR")),
        ("1\u202f234,00 €", (123400, "EUR")),
        ("1'234.50", (123450, "EUR")),
        ("CHF 1’234.50", (123450, "CHF")),
        ("₹32,999", (3299900, "INR")),
        ("₹1,23,456.50", (12345650, "INR")),
        ("Rs. 499", (49900, "INR")),
        ("139.99 USD", (13999, "USD")),
        ("EUR 12", (1200, "EUR")),
        ("€48.90", (4890, "EUR")),
        ("12 €", (1200, "EUR")),
        ("12.50eur", (1250, "EUR")),
        ("R$ 1.234,56", (123456, "BRL")),
        ("5 lei", (500, "RON")),
        ("$12", (1200, "USD")),
        ("¥1,200", (1200, "JPY")),
        ("1.200 JPY", (1200, "JPY")),
        ("1.234 KWD", (1234, "KWD")),
        ("1000000", (100_000_000, "EUR")),
        ("1.234,56 €", (123456, "EUR")),
        ("CHF 1'234.-", (123400, "CHF")),
        ("12,5", (1250, "EUR")),
        ("R$ 10", (1000, "BRL")),
        ("R$ 1.234", (123400, "BRL")),
        ("US$ 19.99", (1999, "USD")),
        ("£7", (700, "GBP")),
        ("12,50 zł", (1250, "PLN")),
        ("USD 10.00", (1000, "USD")),
        ("12,99 € inkl. MwSt.", (1299, "EUR")),
        ("19.989999999999998", (1999, "EUR")),
        ("19.999999999999996", (2000, "EUR")),
        ("1 299:-", (129900, "EUR")),
        ("￥12,800", (12800, "JPY")),
        ("¥199.00", (19900, "CNY")),
        ("1980円", (1980, "JPY")),
        ("NT$1,290", (129000, "TWD")),
        ("1.249,90 TL", (124990, "TRY")),
        ("3.490 Ft", (349000, "HUF")),
    ],
)
def test_prices_are_read_as_written_in_different_countries(text: str, expected: tuple[int, str]) -> None:
    assert parse_price(text, "EUR") == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("48,9O", '"48,9O" is not a number (letter O)'),
        ("12,99 € zzgl. MwSt.", "not a number"),
        ("19.9876", "too many decimals"),
        ("0", "more than zero"),
        ("0.00 EUR", "more than zero"),
        ("-5", "negative"),
        ("€-5", "negative"),
        ("-€5", "negative"),
        ("(12.00)", "negative"),
        ("1.234", "could be"),
        ("48.905", "could be"),
        ("0.125", "too many decimals"),
        ("12.3456", "too many decimals"),
        ("1200.50 JPY", "no decimals"),
        ("1,2,3", "groups of three"),
        ("1000000.01", "more than we take"),
        ("12 EUX", '"EUX" is not a currency'),
        ("USD 12 EUR", "two currencies"),
        ("12 kr", "several currencies"),
        ("free", "not a number"),
        ("", "no price"),
        ("1e5", "letter e"),
        ("10-20", "is a range"),
        ("٤٨", "not a number"),
        ("12.00 - 20.00 EUR", "is a range"),
        ("from 12", "letter f"),
        ("US$", "not a number"),
    ],
)
def test_what_is_not_surely_a_price_is_refused(text: str, said: str) -> None:
    with pytest.raises(PriceInvalid) as invalid:
        parse_price(text, "EUR")
    assert said in invalid.value.reason
    assert invalid.value.advice


def test_a_sign_of_several_currencies_means_the_supplier_s_own() -> None:
    assert parse_price("$12", "CAD") == (1200, "CAD")
    assert parse_price("12 kr", "SEK") == (1200, "SEK")


def test_the_rest_of_a_feed_tells_what_a_mark_before_three_digits_means() -> None:
    assert writes_decimal_comma(["950", "1.234", "12,5"])
    assert writes_decimal_comma(["1.234.567"])
    assert not writes_decimal_comma(["12,50", "12.50"])
    assert not writes_decimal_comma(["1,234", "1.234", "950"])
    assert parse_price("1.234", "EUR", decimal_comma=True) == (123400, "EUR")
    with pytest.raises(PriceInvalid, match="too many decimals"):
        parse_price("1,234", "EUR", decimal_comma=True)


@given(st.text(max_size=80))
def test_any_text_is_a_price_or_refused(text: str) -> None:
    try:
        minor, currency = parse_price(text, "EUR")
    except PriceInvalid:
        return
    assert 0 < minor <= 100_000_000
    assert len(currency) == 3


@given(st.integers(1, 100_000_000), st.sampled_from([",.", ".,", " ,", "',", " ."]))
def test_a_price_that_is_written_comes_back(minor: int, marks: str) -> None:
    whole, cents = divmod(minor, 100)
    assert parse_price(f"{whole:,}".replace(",", marks[0]) + f"{marks[1]}{cents:02d}", "EUR") == (minor, "EUR")
