"""The number at the cart in the header, for pages that have the cart at hand; `wishlists/hearts.py` asks for others."""

from app.web.rendering import WebRequest


def known_count(request: WebRequest, pieces: int) -> None:
    """Spare the header its query."""
    request.scope["state"]["cart_count"] = pieces
