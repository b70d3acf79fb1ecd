"""Suppliers at their desks, for tests."""

from tests.accounts.people import Client, person, sign_in
from tests.world import World


async def desk(world: World, client: Client, name: str = "Oficina do Vale", email: str = "ana@example.pt") -> int:
    """Signed in as who speaks for a new supplier; its id."""
    supplier = await world.supplier(name)
    await person(email, "supplier", supplier)
    await sign_in(client, email=email)
    return supplier
