"""The category tree as pages show it."""

from dataclasses import dataclass
from typing import Any

from app.catalog.art.addresses import address, choose_way
from app.infra.database import fetch
from app.infra.kept import Kept
from app.infra.outages import DatabaseUnavailable
from app.web.rendering import WebRequest

IN_HEADER = 12  # of the reference pages; the home page shows all


@dataclass(frozen=True)
class CategoryView:
    path: str
    name: str
    image: str
    has_goods: bool = True  # it, or one below it, has products
    was: tuple[str, ...] = ()  # addresses that lead here

    @property
    def parent(self) -> str:
        """The path above; "" at the top."""
        return self.path.rpartition("/")[0]


async def _load() -> tuple[CategoryView, ...]:
    rows = await fetch(
        """SELECT path, name, art_kind, art_form, was,
                  EXISTS (SELECT FROM product p WHERE p.category = c.id) AS has_goods
           FROM category c ORDER BY position, id"""
    )
    filled = {path for row in rows if row["has_goods"] for path in (row["path"], row["path"].partition("/")[0])}
    return tuple(
        CategoryView(
            row["path"],
            row["name"],
            address(row["art_kind"], row["art_form"] or None, choose_way(row["path"])),
            row["path"] in filled,
            tuple(row["was"]),
        )
        for row in rows
    )


_tree = Kept(_load)
forget, renewed = _tree.forget, _tree.renewed


async def categories() -> tuple[CategoryView, ...]:
    """Every category in the order shown, parents before their children; from memory."""
    return await _tree.get()


async def shell_part(_: WebRequest) -> dict[str, Any]:
    """The top of the tree for the header, as far as it fits; nothing while it cannot be read."""
    try:
        top = [category for category in await categories() if not category.parent]
    except DatabaseUnavailable:
        top = []
    return {"categories": [category for category in top if category.has_goods][:IN_HEADER]}
