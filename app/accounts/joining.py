"""What becomes an account's: at sign-in what the visitor had, and with a confirmed e-mail address what guests bought
with it. Carts and orders stand above accounts, so they are called through lists that the application's assembly fills.
"""

from collections.abc import Awaitable, Callable

from app.web.rendering import WebRequest

# Takes (visitor hash, account id), inside the transaction that signs in; what its shopper should know is a sentence.
Join = Callable[[bytes, int], Awaitable[str | None]]
# Takes (account id, its confirmed e-mail address), inside the transaction that confirms it, or signs in.
Prove = Callable[[int, str], Awaitable[object]]
# Takes the request that has just signed in, and the account id.
Arrive = Callable[[WebRequest, int], Awaitable[object]]
# Takes the request that has just signed out.
Depart = Callable[[WebRequest], object]

on_sign_in: list[Join] = []
on_proof: list[Prove] = []
on_arrival: list[Arrive] = []
on_departure: list[Depart] = []


async def join(visitor: bytes, account_id: int) -> list[str]:
    """What its shopper should know of it, in sentences."""
    return [said for step in on_sign_in if (said := await step(visitor, account_id))]


async def prove(account_id: int, email: str) -> None:
    for step in on_proof:
        await step(account_id, email)


def depart(request: WebRequest) -> None:
    for step in on_departure:
        step(request)


async def arrive(request: WebRequest, account_id: int) -> None:
    for step in on_arrival:
        await step(request, account_id)
