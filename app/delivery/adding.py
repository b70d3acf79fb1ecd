"""New warehouses and zones. A code stays: stock, parcels, feeds and tables of postcodes know them by it."""

from app.delivery.changing import WarehouseRules, ZoneRules, write_down
from app.infra.database import fetch_one, transaction


class CodeTaken(Exception):
    """Another warehouse or zone has this code. Nothing was done.

    Attributes:
        name: what that one is called.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


async def add_warehouse(code: str, account_id: int, rules: WarehouseRules) -> None:
    """Add a warehouse behind the others; the same one once more changes nothing.

    Raises:
        CodeTaken: another one has this code.
    """
    async with transaction():
        made = await fetch_one(
            """INSERT INTO warehouse (code, name, place, timezone, cutoff, handling_days, working_days,
                                      holiday_country, holiday_subdivision, postcode)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (code) DO NOTHING RETURNING id""",
            code,
            *rules.columns,
        )
        if made:
            return await write_down(account_id, f"Warehouse {code}", "", rules.words)
        _same(WarehouseRules.of(await fetch_one("SELECT * FROM warehouse WHERE code = $1", code)), rules)


async def add_zone(code: str, account_id: int, rules: ZoneRules) -> None:
    """As `add_warehouse`, and with the same exception."""
    async with transaction():
        made = await fetch_one(
            """INSERT INTO zone (code, name, country, holiday_subdivision, delivery_days)
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (code) DO NOTHING RETURNING id""",
            code,
            rules.name,
            rules.country,
            rules.holiday_subdivision,
            list(rules.delivery_days),
        )
        if made:
            return await write_down(account_id, f"Zone {code}", "", rules.words)
        _same(ZoneRules.of(await fetch_one("SELECT * FROM zone WHERE code = $1", code)), rules)


def _same(stands: WarehouseRules | ZoneRules, rules: WarehouseRules | ZoneRules) -> None:
    if stands != rules:
        raise CodeTaken(stands.name)
