"""A supplier's sales as a file for a spreadsheet: what the page lists, all of it."""

from collections.abc import AsyncIterator
from decimal import Decimal

from babel.numbers import get_currency_precision

from app.infra.clock import shop_zone
from app.orders.sales import STATES, Asked, Sale, listed
from app.suppliers.report_file import MARK, lines

CHUNK_ROWS = 1_000
COLUMNS = (
    *("day", "time", "sku", "product", "options", "pieces", "price per piece", "discount", "sum", "currency"),
    *("vat percent", "prices", "state", "cancelled pieces", "returned pieces", "went back", "net", "warehouse"),
)


async def as_csv(asked: Asked) -> AsyncIterator[bytes]:
    """Some rows at a time, so that its length costs no memory. UTF-8 with the mark that spreadsheets look for."""
    yield MARK + lines([COLUMNS])
    found, after = await listed(asked, None, CHUNK_ROWS)
    while found:
        yield lines([_cells(sale) for sale in found])
        found, after = await listed(asked, after, CHUNK_ROWS) if after else ([], None)


def _cells(sale: Sale) -> list[str]:
    digits = get_currency_precision(sale.currency)
    price, off, worth, gone, kept = (
        f"{Decimal(minor).scaleb(-digits):.{digits}f}"
        for minor in (sale.unit_price_minor, sale.discount_minor, sale.minor, sale.gone_minor, sale.kept_minor)
    )
    sold_at = sale.sold_at.astimezone(shop_zone())
    return [
        *(
            f"{sold_at:%Y-%m-%d}",
            f"{sold_at:%H:%M:%S}",
            sale.sku,
            sale.name,
            sale.options,
            str(sale.quantity),
            price,
            off,
            worth,
            sale.currency,
        ),
        *(sale.vat_percent, "without VAT" if sale.is_net else "with VAT", STATES[sale.state]),
        *(str(sale.cancelled), str(sale.back), gone, kept, sale.warehouse),
    ]
