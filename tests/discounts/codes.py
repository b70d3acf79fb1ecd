"""Discount codes for tests."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.discounts.desk import NewCode, make
from app.discounts.tables import Kind
from app.infra.clock import now
from app.infra.database import fetch_one
from tests.accounts.people import person


async def code(name: str = "SUMMER", kind: Kind = Kind.AMOUNT, worth: Any = 500, **rules: Any) -> str:
    """A code that gives `worth`: minor units, or percent. It began an hour ago."""
    amount = worth if kind == Kind.AMOUNT else None
    percent = Decimal(str(worth)) if kind == Kind.PERCENT else None
    limits = {"most_uses": None, "most_per_shopper": None, "ends_at": None, "minimum_minor": 0, **rules}
    limits.setdefault("starts_at", now() - timedelta(hours=1))
    row = await fetch_one("SELECT id FROM account WHERE role = 'operator' LIMIT 1")
    maker = row["id"] if row else await person("desk@example.pt", role="operator")
    await make(maker, NewCode(code=name, kind=kind, amount_minor=amount, percent=percent, **limits))
    return name
