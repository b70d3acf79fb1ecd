"""Where the demo shop delivers in Portugal: four warehouses, zones, and the lanes between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

AZORES, MADEIRA = "20", "30"  # subdivisions of the `holidays` package


@dataclass(frozen=True)
class WarehouseSpec:
    code: str
    name: str
    place: str
    postcode: str
    timezone: str
    cutoff: time
    holiday_subdivision: str = ""


@dataclass(frozen=True)
class LaneSpec:
    warehouse: str
    zone: str
    level: str
    transit_days: int
    """Working days on the road."""
    price_minor: int
    free_from_minor: int | None


WAREHOUSES = (
    WarehouseSpec("LIS", "Lisboa", "Lisboa", "1990-083", "Europe/Lisbon", time(16)),
    WarehouseSpec("OPO", "Porto", "Porto", "4470-558", "Europe/Lisbon", time(15)),
    WarehouseSpec("FAO", "Faro", "Faro", "8005-139", "Europe/Lisbon", time(13)),
    WarehouseSpec("PDL", "Ponta Delgada", "Ponta Delgada", "9500-321", "Atlantic/Azores", time(12), AZORES),
)

LEVELS = (("standard", "To your door"), ("express", "To your door, sooner"))

# Code, name, subdivision whose holidays are kept there.
ZONES = (
    ("lisboa", "Lisboa and around", ""),
    ("setubal-santarem", "Setúbal, Santarém and the west", ""),
    ("centro", "Coimbra, Leiria and Aveiro", ""),
    ("beira-interior", "Beira Interior", ""),
    ("porto", "Porto and around", ""),
    ("norte-litoral", "Minho and the northern coast", ""),
    ("tras-os-montes", "Trás-os-Montes and Douro", ""),
    ("alentejo", "Alentejo", ""),
    ("algarve", "Algarve", ""),
    ("madeira", "Madeira", MADEIRA),
    ("acores-oriental", "Azores: São Miguel and Santa Maria", AZORES),
    ("acores-central", "Azores: Terceira, Graciosa, São Jorge, Pico and Faial", AZORES),
    ("acores-ocidental", "Azores: Flores and Corvo", AZORES),
)

# Standard transit in working days; columns are LIS, OPO, FAO, PDL.
_DAYS = {
    "lisboa": (1, 2, 2, 4),
    "setubal-santarem": (1, 2, 2, 4),
    "centro": (2, 1, 3, 5),
    "beira-interior": (2, 2, 3, 5),
    "porto": (2, 1, 3, 5),
    "norte-litoral": (2, 1, 3, 5),
    "tras-os-montes": (3, 2, 3, 6),
    "alentejo": (2, 3, 2, 5),
    "algarve": (2, 3, 1, 5),
    "madeira": (3, 4, 5, 5),
    "acores-oriental": (4, 5, 6, 1),
    "acores-central": (5, 6, 7, 2),
    "acores-ocidental": (6, 7, 7, 2),
}
_STANDARD_MINOR = {1: 390, 2: 450, 3: 490}  # by days on the road
_EXPRESS = {"LIS", "OPO"}  # the warehouses that a night van leaves from
FREE_FROM_MINOR = 5000  # on the mainland


def lanes() -> Iterator[LaneSpec]:
    """Every warehouse serves every zone; express only where it is sooner."""
    for zone, _, holidays in ZONES:
        for warehouse, days in zip(WAREHOUSES, _DAYS[zone], strict=True):
            yield from _lanes(warehouse, zone, holidays, days)


def _lanes(warehouse: WarehouseSpec, zone: str, holidays: str, days: int) -> Iterator[LaneSpec]:
    over_sea = warehouse.holiday_subdivision != holidays
    price = 690 + 50 * days if over_sea else _STANDARD_MINOR[days]
    free_from = FREE_FROM_MINOR if not over_sea and not holidays else None
    yield LaneSpec(warehouse.code, zone, "standard", days, price, free_from)
    if warehouse.code in _EXPRESS and days > 1:
        sooner = (days + 1) // 2 if over_sea else 1
        yield LaneSpec(warehouse.code, zone, "express", sooner, 1490 if over_sea else 790, None)
