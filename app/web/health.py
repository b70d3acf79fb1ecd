"""Liveness never checks what the shop depends on; readiness does."""

from litestar import Response, get

from app.infra.database import fetch
from app.infra.migrations import is_current


@get("/healthz", sync_to_thread=False)
def alive() -> dict[str, str]:
    return {"status": "alive"}


@get("/readyz")
async def ready() -> Response[dict[str, str]]:
    checks = {"postgres": await _postgres()}
    status = 200 if all(value == "ok" for value in checks.values()) else 503
    return Response(checks, status_code=status)


async def _postgres() -> str:
    try:
        await fetch("SELECT 1")
        return "ok" if await is_current() else "migrations are missing"
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the answer is "not ready"
        return type(error).__name__
