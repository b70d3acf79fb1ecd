"""What stands on the shelves of a page, for tests; and orders, from which shelves are learned."""

import re

from app.infra.database import execute
from tests.orders.wanting import pending
from tests.world import Goods, World

EMAIL = "marta@example.pt"
HTMX = {"hx-request": "true", "hx-target": "shelf-new"}


async def paid(world: World, *goods: Goods, account: int | None = None) -> str:
    order = await pending(world, *goods)
    await execute(
        """UPDATE shop_order SET state = 'paid', paid_at = now(), account = $2::bigint,
             visitor = CASE WHEN $2::bigint IS NULL THEN visitor END WHERE id = $1""",
        order.id,
        account,
    )
    return order.number


def shelves(page: str) -> list[str]:
    return re.findall(r'<section class="shelf" id="shelf-([a-z_]+)"', page)


def shelf(page: str, kind: str) -> str:
    return page.partition(f'id="shelf-{kind}"')[2].partition("</section>")[0]


def products_on(page: str, *kinds: str) -> set[str]:
    return {slug for kind in kinds for slug in re.findall(r'href="/p/([^"]+)"', shelf(page, kind))}
