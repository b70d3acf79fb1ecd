"""What the keys of requests told is told by their columns afterwards."""

from tests.migrating import database_before, migrate

CHANGE = "2026-11-29T01:40:00:000000"
KEYS = {  # -> cause, part, and the key of that instead of which it was asked
    "NC 1": ("NC 1", "", None),
    "NC 1/held": ("NC 1", "held", None),
    "NC 1/held/again": ("NC 1", "held", "NC 1/held"),
    "NC 1/held/again/again": ("NC 1", "held", "NC 1/held/again"),
    "NC 1/bank": ("NC 1", "bank", None),
    "7-1 shipped": ("7-1 shipped", "", None),
    "7-1 shipped/again": ("7-1 shipped", "", "7-1 shipped"),
    "7-1 shipped/again/given-up": ("7-1 shipped", "given-up", None),
    "7-1 shipped/again/given-up/again": ("7-1 shipped", "given-up", "7-1 shipped/again/given-up"),
    "0f3e-lapse": ("0f3e-lapse", "", None),
}


async def test_what_was_asked_for_and_asked_for_again_stays_what_it_was(environment: None) -> None:
    async with database_before(CHANGE) as shop:
        attempt = await shop.fetchval(
            """INSERT INTO payment_attempt ("order", provider, key, state, amount_minor, currency, created_at, ask_at)
               VALUES (1, 'sandbox', '0f3e', 'succeeded', 1000, 'EUR', now(), now()) RETURNING id"""
        )
        for key in reversed(KEYS):
            await shop.execute(
                """INSERT INTO money_request (attempt, "order", kind, key, amount_minor, currency, reason, state,
                                              next_at, asked_at)
                   VALUES ($1, 1, 'refund', $2, 1, 'EUR', '', 'failed', now(), now())""",
                attempt,
                key,
            )
        await migrate(CHANGE)
        rows = await shop.fetch(
            """SELECT r.key, r.cause, r.part, failed.key AS instead_of
               FROM money_request r LEFT JOIN money_request failed ON failed.id = r.instead_of"""
        )
        assert {row["key"]: (row["cause"], row["part"], row["instead_of"]) for row in rows} == KEYS
