"""The number at the cart in the header."""

from typing import Any

from app.accounts.owners import owner_of
from app.cart.contents import count
from app.infra.database import DatabaseUnavailable
from app.web.rendering import WebRequest


def known_count(request: WebRequest, pieces: int) -> None:
    """Spare the header its query: the page has the cart at hand."""
    request.scope["state"]["cart_count"] = pieces


async def shell_part(request: WebRequest) -> dict[str, Any]:
    """One query for those who may have a cart, none for others; without the database the number is left out."""
    state = request.scope["state"]
    if "cart_count" not in state:
        try:
            state["cart_count"] = await count(await owner_of(request))
        except DatabaseUnavailable:
            state["cart_count"] = 0
    return {"cart_count": state["cart_count"]}
