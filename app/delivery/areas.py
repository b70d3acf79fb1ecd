"""Which place and zone a prefix of postcodes belongs to: the one large table of delivery."""

import asyncio

from app.infra.database import fetch

Areas = dict[str, tuple[str, str]]
"""Prefix, letters and digits only, of another country marked -> (name of the place, code of the zone)."""

Key = tuple[int | None, ...]


class KeptAreas:
    """The areas as they were last read. Of some 200,000, reading them anew at every change of a lane would be felt."""

    def __init__(self) -> None:
        self._key: Key = (None,)
        self._areas: Areas = {}

    async def read(self, key: Key) -> Areas:
        """The areas of these versions of their tables, which were read before; without a version, read anew."""
        if None in key or key != self._key:
            # As three arrays: asyncpg would make 200,000 objects of so many rows, on the event loop.
            (row,) = await fetch(
                """SELECT coalesce(array_agg(a.prefix), '{}') AS prefixes, coalesce(array_agg(a.place), '{}') AS places,
                          coalesce(array_agg(z.code), '{}') AS zones
                   FROM postcode_area a JOIN zone z ON z.id = a.zone"""
            )
            self._areas = await asyncio.to_thread(_areas, row["prefixes"], row["places"], row["zones"])
            self._key = key
        return self._areas

    def forget(self) -> None:
        self._key = (None,)


def _areas(prefixes: list[str], places: list[str], zones: list[str]) -> Areas:
    """Prefixes of one place share what is said of it."""
    said: dict[tuple[str, str], tuple[str, str]] = {}
    return {
        prefix.replace("-", ""): said.setdefault(pair, pair)
        for prefix, pair in zip(prefixes, zip(places, zones, strict=True), strict=True)
    }


AREAS = KeptAreas()
