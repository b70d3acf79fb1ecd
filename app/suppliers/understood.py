"""Judged rows in the words of a page: what a shopper would see, and what is wrong."""

from dataclasses import dataclass, field
from decimal import Decimal

from babel.numbers import get_currency_precision

from app.infra import money
from app.suppliers.formats import BadRow
from app.suppliers.looking import Look
from app.suppliers.problems import Problem
from app.suppliers.rows import Rejection, Row


@dataclass(frozen=True)
class Understood:
    """One row. Texts are ready to be shown; those of a row that is not taken are empty."""

    line: int
    sku: str = ""
    title: str = ""
    price: str = ""
    before: str = ""
    stock: str = ""
    variant: str = ""
    category: str = ""
    problems: list[str] = field(default_factory=list)
    is_taken: bool = False


@dataclass(frozen=True)
class Offers:
    rows: list[Understood]
    refusal: str


def understood(look: Look) -> Offers:
    return Offers([_row(row) for row in look.rows], look.refusal)


def _row(row: Row | Rejection | BadRow) -> Understood:
    if isinstance(row, BadRow):
        return Understood(row.line, row.sku, problems=[row.reason])
    if isinstance(row, Rejection):
        return Understood(row.line, row.sku, problems=_sentences(row.problems))
    return Understood(
        line=row.line,
        sku=row.sku,
        title=row.title,
        price=shown_price(row.price_minor, row.currency),
        before=shown_price(row.list_price_minor, row.currency) if row.list_price_minor else "",
        stock=_stock(row),
        variant=", ".join(f"{name}: {text}" for name, text in row.options.items()),
        category=row.category_path,
        problems=_sentences(row.warnings),
        is_taken=True,
    )


def _sentences(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.reason for problem in problems]


def _stock(row: Row) -> str:
    if row.stock is None:
        return "Available, not counted" if row.available else "Not available"
    return ", ".join(f"{pieces:,} in {code}" for code, pieces in row.stock.items()) or "Not available"


def shown_price(minor: int, currency: str) -> str:
    """4890 EUR → "€48.90"; other currencies: "1,234.50 USD"."""
    if currency == money.SHOP_CURRENCY:
        return money.euro(minor)
    digits = get_currency_precision(currency)
    return f"{Decimal(minor).scaleb(-digits):,.{digits}f} {currency}"
