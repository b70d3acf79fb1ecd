"""A mail's HTML as an answer of its own: it may do nothing, whatever strangers wrote into it."""

from typing import Any

from litestar import Response
from litestar.enums import MediaType

from app.web.rendering import WebRequest

# Its links open in new windows; scripts, forms, pictures and everything from elsewhere are forbidden.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


def html_answer(request: WebRequest, html: str) -> Response[Any]:
    request.scope["state"]["content_security_policy"] = POLICY
    shown = html.replace("<head>", '<head>\n<base target="_blank">', 1)
    headers = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
    return Response(shown, media_type=MediaType.HTML, headers=headers)
