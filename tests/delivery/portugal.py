"""A map of Portugal for tests of the promise: warehouses in Lisboa and Ponta Delgada, and where they send to."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from app.delivery.calendar import Dispatch, WorkCalendar
from app.delivery.promises import DeliveryMap
from app.delivery.ways import Origin, Road

LISBON = ZoneInfo("Europe/Lisbon")
AZORES = ZoneInfo("Atlantic/Azores")

LISBOA, PORTO, BRAGANCA, ACORES, MADEIRA = (WorkCalendar(subdivision=code) for code in ("11", "13", "04", "20", "30"))


def portugal(cutoff: time = time(15)) -> DeliveryMap:
    """Working days by standard from LIS: Lisboa 1, Porto 1 (express, too), Bragança 2 (express 1), Azores 4, Madeira 3;
    from PDL: Azores 1, Lisboa 4."""
    return DeliveryMap(
        [Origin("LIS", Dispatch(LISBOA, LISBON, cutoff)), Origin("PDL", Dispatch(ACORES, AZORES, cutoff))],
        {"lisboa": LISBOA, "porto": PORTO, "braganca": BRAGANCA, "acores": ACORES, "madeira": MADEIRA},
        {
            "1": ("Lisboa", "lisboa"),
            "4": ("Porto", "porto"),
            "53": ("Bragança", "braganca"),
            "95": ("Ponta Delgada", "acores"),
            "9500001": ("Porto de Ponta Delgada", "acores"),
            "90": ("Funchal", "madeira"),
        },
        [("standard", "To your door"), ("express", "To your door, sooner")],
        {
            ("LIS", "lisboa", "standard"): Road(1, 390, 5000),
            ("LIS", "porto", "standard"): Road(1, 390, 5000),
            ("LIS", "porto", "express"): Road(1, 790),
            ("LIS", "braganca", "standard"): Road(2, 490),
            ("LIS", "braganca", "express"): Road(1, 890),
            ("LIS", "acores", "standard"): Road(4, 990),
            ("LIS", "madeira", "standard"): Road(3, 990),
            ("PDL", "acores", "standard"): Road(1, 390),
            ("PDL", "lisboa", "standard"): Road(4, 990),
        },
    )


def at(text: str, zone: ZoneInfo = LISBON) -> datetime:
    """A moment on a warehouse's clock: at("2026-11-24 14:59")."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
