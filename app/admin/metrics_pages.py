"""`/metrics`, for Prometheus: who shows METRICS_TOKEN reads it.

Without that setting only a shop in development tells, and only its own machine. A shop that serves others stands behind
a proxy, from which everybody comes by the loopback, and which need not say that it is one: there it takes the token.
"""

import hmac

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from app.admin import figures
from app.infra.settings import settings
from app.web import senders

BEARER = "Bearer "
REFUSAL = {"www-authenticate": 'Bearer realm="feira metrics"', "cache-control": "no-store"}


@get("/metrics")
async def show_metrics(request: Request) -> Response[bytes]:
    token = settings().metrics_token.get_secret_value()
    if not token and not senders.is_this_machine(request):
        raise NotFoundException
    if token and not _shows(request, token):
        return Response(b"METRICS_TOKEN is wanted as a bearer token.\n", status_code=401, headers=REFUSAL)
    return Response(await figures.text(), headers={"cache-control": "no-store"}, media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _shows(request: Request, token: str) -> bool:
    shown = request.headers.get("authorization", "")
    return shown.startswith(BEARER) and hmac.compare_digest(shown.removeprefix(BEARER).encode(), token.encode())
