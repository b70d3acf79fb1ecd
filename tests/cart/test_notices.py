"""News of a line, in a sentence."""

from datetime import UTC, datetime
from decimal import Decimal

from app.cart.contents import CartLineView
from app.cart.notices import Notice, of_line, since, why_not

SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)


def line(
    now: int = 1390, added: int = 1390, quantity: int = 2, stock: int = 50, withdrawn: bool = False
) -> CartLineView:
    return CartLineView(
        id=1,
        offer_id=1,
        product_slug="barro-mug",
        sku="F1",
        name="Barro mug",
        note="",
        options={},
        image="",
        quantity=quantity,
        unit_price_minor=now,
        vat_percent=Decimal(23),
        added_price_minor=added,
        added_at=FRIDAY,
        supplier_id=1,
        supplier_name="Barro & Luz",
        supplier_slug="barro-luz",
        handling_days=0,
        stocks={"LIS": stock} if stock else {},
        withdrawn=withdrawn,
    )


def said(notice: Notice) -> str:
    return f"{notice.strong} {notice.text}".strip()


def news(of: CartLineView, planned: int = 2) -> list[str]:
    return [said(notice) for notice in of_line(of, planned, SUNDAY)]


def test_a_line_that_did_not_change_has_no_news() -> None:
    assert news(line()) == []


def test_a_higher_price_is_said_with_both_prices() -> None:
    assert news(line(now=1450)) == ["The price went up since Friday: now €14.50, was €13.90."]


def test_a_lower_price_is_said_too() -> None:
    assert news(line(now=1190)) == ["€2.00 cheaper than when you added it: now €11.90, was €13.90."]


def test_the_last_pieces_are_counted() -> None:
    assert news(line(stock=2)) == ["Only 2 left at this price."]


def test_a_line_over_the_stock_says_what_the_order_will_have() -> None:
    assert news(line(quantity=5, stock=2)) == ["Only 2 left. Your order will have 2 of the 5."]


def test_price_and_stock_may_both_be_news() -> None:
    assert len(news(line(now=1450, stock=1), planned=1)) == 2


def test_what_cannot_be_bought_says_why() -> None:
    assert said(why_not(line(stock=0))).startswith("Sold out.")
    assert said(why_not(line(stock=0, withdrawn=True))) == "Barro & Luz no longer sells this."


def test_days_are_named_for_a_week() -> None:
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert [since(moment, at) for moment in (at, FRIDAY, datetime(2026, 11, 12, 12, tzinfo=UTC))] == [
        "earlier today",
        "Friday",
        "12 Nov",
    ]
