"""What a visitor had becomes the account's at sign-in. Carts and orders stand above accounts, so they are called
through a list that the application's assembly fills.
"""

from collections.abc import Awaitable, Callable

# Takes (visitor hash, account id), inside the transaction that signs in.
Join = Callable[[bytes, int], Awaitable[object]]

on_sign_in: list[Join] = []


async def join(visitor: bytes, account_id: int) -> None:
    for step in on_sign_in:
        await step(visitor, account_id)
