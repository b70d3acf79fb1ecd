"""What the API is, for people and for programs."""

import json
from typing import Any

from litestar import Response, get
from litestar.enums import MediaType

from app.infra.settings import settings
from app.suppliers.api_description import ENDPOINTS, RATES, REFUSALS, openapi
from app.suppliers.api_feeds import PLACE
from app.suppliers.api_fields import FIELDS
from app.suppliers.upload import shown_size
from app.web.rendering import WebRequest, page


@get(PLACE)
async def show_api(request: WebRequest) -> Response[str]:
    return await page(
        request,
        "suppliers/api.html",
        endpoints=ENDPOINTS,
        fields=[(field, json.dumps(field.example, ensure_ascii=False)) for field in FIELDS],
        refusals=REFUSALS,
        rates=RATES,
        base=settings().public_url + PLACE,
        largest=shown_size(settings().feed_max_bytes),
    )


@get(f"{PLACE}/openapi.json")
async def show_openapi() -> Response[dict[str, Any]]:
    return Response(openapi(), media_type=MediaType.JSON, headers={"cache-control": "public, max-age=300"})


handlers = [show_api, show_openapi]
