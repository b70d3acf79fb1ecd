"""Where the demo shop delivers in Spain: the mainland and the Balearics, by provinces, from the warehouses in Portugal.

The Canaries, Ceuta and Melilla lie outside the union of VAT, and are not served.
"""

from collections.abc import Iterator

from app.demo.portugal import LaneSpec

BALEARICS = "IB"  # subdivision of the `holidays` package

# Code, name, subdivision whose holidays are kept there.
ZONES = (
    ("es-oeste", "Spain: the west", ""),
    ("es-este", "Spain: the north and the east", ""),
    ("es-baleares", "Spain: the Balearics", BALEARICS),
)

# Per zone: the first two digits, and the province's chief town.
_AREAS = {
    "es-oeste": """
        05 Ávila, 06 Badajoz, 10 Cáceres, 11 Cádiz, 13 Ciudad Real, 14 Córdoba, 15 A Coruña, 21 Huelva, 24 León,
        27 Lugo, 28 Madrid, 32 Ourense, 33 Oviedo, 36 Pontevedra, 37 Salamanca, 40 Segovia, 41 Sevilla, 45 Toledo,
        47 Valladolid, 49 Zamora
    """,
    "es-este": """
        01 Vitoria-Gasteiz, 02 Albacete, 03 Alicante, 04 Almería, 08 Barcelona, 09 Burgos, 12 Castellón de la Plana,
        16 Cuenca, 17 Girona, 18 Granada, 19 Guadalajara, 20 San Sebastián, 22 Huesca, 23 Jaén, 25 Lleida, 26 Logroño,
        29 Málaga, 30 Murcia, 31 Pamplona, 34 Palencia, 39 Santander, 42 Soria, 43 Tarragona, 44 Teruel, 46 Valencia,
        48 Bilbao, 50 Zaragoza
    """,
    "es-baleares": "07 Palma",
}

# Standard transit in working days; columns are LIS, OPO, FAO.
_DAYS = {"es-oeste": (2, 2, 2), "es-este": (3, 3, 3), "es-baleares": (5, 5, 6)}
VAT = (("", 21), ("books", 4))  # path of a category ("" is everything else), percent


def areas() -> Iterator[tuple[str, str, str]]:
    """Prefix, place and zone of every postcode area."""
    for zone, listed in _AREAS.items():
        for area in listed.split(","):
            prefix, _, place = area.strip().partition(" ")
            yield f"ES:{prefix}", place, zone


def lanes() -> Iterator[LaneSpec]:
    """No parcel goes free over the border."""
    for zone, days in _DAYS.items():
        for warehouse, count in zip(("LIS", "OPO", "FAO"), days, strict=True):
            yield LaneSpec(warehouse, zone, "standard", count, 590 + 100 * count, None)
