"""An operator may hold a lane: its promises follow the hand-set days, whatever was learned."""

from app.delivery.changing import write_down
from app.infra.database import execute, fetch_one, transaction


async def hold(account_id: int, warehouse: str, zone: str, level: str, *, held: bool) -> None:
    """Hold a lane, or let it follow what is learned again; as it is already, nothing happens.

    Raises:
        LookupError: there is no such lane.
    """
    async with transaction():
        lane = await fetch_one(
            """SELECT l.warehouse, l.zone FROM lane l JOIN warehouse w ON w.id = l.warehouse
               JOIN zone z ON z.id = l.zone JOIN service_level s ON s.id = l.service_level
               WHERE w.code = $1 AND z.code = $2 AND s.code = $3 FOR UPDATE OF l""",
            warehouse,
            zone,
            level,
        )
        if lane is None:
            raise LookupError("no such lane")
        keys = (lane["warehouse"], lane["zone"], level)
        row = await fetch_one(
            "SELECT is_held FROM transit_time WHERE warehouse = $1 AND zone = $2 AND service_level = $3", *keys
        )
        if held == bool(row and row["is_held"]):
            return
        await execute(
            """INSERT INTO transit_time (warehouse, zone, service_level, is_held) VALUES ($1, $2, $3, $4)
               ON CONFLICT (warehouse, zone, service_level) DO UPDATE SET is_held = excluded.is_held""",
            *keys,
            held,
        )
        words = ("follows what is learned", "holds the days set by hand")
        await write_down(account_id, f"Lane {warehouse} to {zone}, {level}", words[not held], words[held])
