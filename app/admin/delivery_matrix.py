"""The matrix of zones and service levels that operators fill in for a warehouse, in pages that a form can hold."""

from dataclasses import dataclass
from typing import Any

from app.infra.database import fetch, fetch_one

MOST_CELLS = 300  # of one page: each has three fields, and a form has a thousand at most


@dataclass(frozen=True)
class Matrix:
    """Zones in the order of the delivery desk, MOST_CELLS of the matrix a page."""

    warehouse: Any
    zones: list[Any]
    levels: list[Any]
    page: int
    pages: int

    @property
    def address(self) -> str:
        return f"/admin/delivery/warehouses/{self.warehouse['code']}/lanes"

    @property
    def zone_codes(self) -> list[str]:
        return [zone["code"] for zone in self.zones]


async def matrix_of(code: str, typed: str) -> Matrix | None:
    """The page whose number was typed, or the nearest that there is; None if there is no such warehouse."""
    warehouse = await fetch_one("SELECT code, name FROM warehouse WHERE code = $1", code)
    if warehouse is None:
        return None
    levels = await fetch("SELECT id, code, name FROM service_level ORDER BY position, id")
    zones = await fetch("SELECT id, code, name FROM zone ORDER BY id")
    size = max(1, MOST_CELLS // max(1, len(levels)))
    pages = max(1, -(-len(zones) // size))
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 1
    number = min(max(number, 1), pages)
    return Matrix(warehouse, zones[(number - 1) * size : number * size], levels, number, pages)
