import pytest

from app.payments.sandbox_cards import CardForm
from app.web.forms import Invalid, checked

GOOD = {"number": "4242 4242 4242 4242", "expiry": "12 / 39", "cvc": "123"}


@pytest.mark.parametrize("expiry", ["12/39", "12 / 39", "1239", "12/2039"])
def test_any_date_to_come_will_do(expiry: str) -> None:
    assert checked(CardForm, {**GOOD, "expiry": expiry}).card.method == "Visa ending 4242"


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("number", "", "Enter a card number"),
        ("number", "4556 7375 8689 985", "one digit short"),
        ("number", "42", "16 digits"),
        ("number", "４242 4242 4242 4242", "digits only"),
        ("number", "5555 5555 5555 4444", "only the test cards"),
        ("expiry", "13/39", "month and year"),
        ("expiry", "soon", "month and year"),
        ("expiry", "01/20", "over"),
        ("cvc", "12", "3 digits"),
        ("cvc", "abc", "3 digits"),
    ],
)
def test_a_wrong_field_says_what_to_do(field: str, typed: str, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(CardForm, {**GOOD, field: typed})
    assert list(refused.value.errors) == [field]
    assert says in refused.value.errors[field]
