"""Of a guest whose cookie has run out nothing is kept that only the guest could come back to."""

import httpx

from app.accounts.owners import Owner
from app.cart.changing import add
from app.infra.database import execute, fetch
from app.wishlists import changing
from tests.accounts.people import person
from tests.checkout.shopping import fill_cart, to_payment
from tests.world import World
from workers import jobs


async def test_a_guest_s_cart_address_and_lists_go_when_the_cookie_has_run_out(
    client: httpx.AsyncClient, world: World
) -> None:
    lamp = await world.product(stock={"LIS": 50})
    await fill_cart(client, lamp)
    await to_payment(client)
    account, late = Owner(await person(), None), Owner(None, b"late")
    for owner in (account, late):
        await add(owner, lamp.offer, 1)
    for owner in (account, late, Owner(None, b"early")):
        await changing.begin(owner, "Birthday")
    await execute("UPDATE cart SET updated_at = now() - interval '366 days' WHERE visitor IS DISTINCT FROM 'late'")
    await execute("UPDATE wishlist SET created_at = now() - interval '366 days' WHERE visitor IS DISTINCT FROM 'late'")
    for visitor, since in ((b"early", 366), (b"late", 300)):
        await execute(
            "INSERT INTO personal_choice (visitor, changed_at) VALUES ($1, now() - $2 * interval '1 day')",
            visitor,
            since,
        )
    await jobs.forget_guests({})
    await jobs.forget_old_activity({})
    assert [row["visitor"] for row in await fetch("SELECT visitor FROM personal_choice")] == [b"late"]
    for table in ("cart", "wishlist"):
        kept = await fetch(f"SELECT DISTINCT account, visitor FROM {table} ORDER BY account")
        assert [(row["account"], row["visitor"]) for row in kept] == [(account.account, None), (None, b"late")]
    assert await fetch("SELECT FROM checkout") == []
