"""Surcharge days for a peak, as operators set them."""

from app.delivery.changing import write_down
from app.delivery.ways import Peak
from app.infra.database import execute, fetch, fetch_one, transaction


async def add_peak(account_id: int, peak: Peak) -> None:
    """Set surcharge days; the same ones once more change nothing.

    Raises:
        LookupError: there is no such warehouse or zone.
    """
    async with transaction():
        await execute("LOCK TABLE surcharge IN SHARE ROW EXCLUSIVE MODE")
        if peak in {each for _, each in await peaks()}:
            return
        ids = await fetch_one(
            """SELECT (SELECT id FROM warehouse WHERE code = $1) AS warehouse,
                      (SELECT id FROM zone WHERE code = $2) AS zone""",
            peak.warehouse,
            peak.zone,
        )
        if ids is None or (peak.warehouse and not ids["warehouse"]) or (peak.zone and not ids["zone"]):
            raise LookupError("no such warehouse or zone")
        await execute(
            """INSERT INTO surcharge (first_day, last_day, extra_days, reason, warehouse, zone)
               VALUES ($1, $2, $3, $4, $5, $6)""",
            peak.first_day,
            peak.last_day,
            peak.extra_days,
            peak.reason,
            ids["warehouse"],
            ids["zone"],
        )
        await write_down(account_id, "Surcharge days", "", peak.words)


async def remove_peak(account_id: int, peak_id: int) -> None:
    """Take surcharge days away; those that are gone already stay gone."""
    async with transaction():
        found = dict(await peaks()).get(peak_id)
        gone = await fetch_one("DELETE FROM surcharge WHERE id = $1 RETURNING id", peak_id)
        if found and gone:
            await write_down(account_id, "Surcharge days", found.words, "")


async def peaks() -> list[tuple[int, Peak]]:
    """(id, surcharge days), the next ones first."""
    rows = await fetch(
        """SELECT s.id, s.first_day, s.last_day, s.extra_days, s.reason, coalesce(w.code, '') AS warehouse,
                  coalesce(z.code, '') AS zone
           FROM surcharge s LEFT JOIN warehouse w ON w.id = s.warehouse LEFT JOIN zone z ON z.id = s.zone
           ORDER BY s.first_day, s.id"""
    )
    return [(row["id"], Peak(**{name: row[name] for name in Peak.__annotations__})) for row in rows]
