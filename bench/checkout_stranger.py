"""Somebody who sends webhooks that he should not: forged, altered, old, again, and before their turn.

He knows every message and, where it is said, even how they are signed. What the sandbox wants to send only when the
hold has ended ("late") comes as soon as it has: the drill does not wait for three quarters of an hour.
"""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import httpx

from app.infra.clock import now
from app.infra.database import execute, fetch
from app.infra.outages import DatabaseUnavailable
from app.payments.sandbox_webhooks import HEADER, LATE, TOLERANCE, sign

PAUSE_SECONDS = (0.3, 1.5)
KINDS = ("forged", "altered", "too old", "again", "before its turn")
MAY_BE_TAKEN = ("again", "before its turn")


class Stranger:
    def __init__(self, port: int, seed: int, after_hold_seconds: float) -> None:
        self._base, self._chance, self._after_hold = f"http://127.0.0.1:{port}", random.Random(seed), after_hold_seconds
        self.sent: Counter[str] = Counter()  # by kind, where an answer came
        self.failures: list[str] = []

    async def until(self, done: Callable[[], bool]) -> None:
        async with httpx.AsyncClient(base_url=self._base, timeout=10, trust_env=False) as self._client:
            while not done():
                with contextlib.suppress(DatabaseUnavailable, httpx.HTTPError):
                    await self._send()
                    await bring_late_ones(self._after_hold)
                await asyncio.sleep(self._chance.uniform(*PAUSE_SECONDS))

    async def _send(self) -> None:
        kind = self._chance.choice(KINDS)
        rows = await fetch(
            """SELECT payload FROM sandbox_webhook WHERE (delivered_at IS NULL) = $1 ORDER BY random() LIMIT 1""",
            kind == "before its turn",
        )
        if not rows:
            return
        payload, stamp = rows[0]["payload"].encode(), int(now().timestamp())
        if kind == "too old":
            stamp -= int(TOLERANCE.total_seconds()) + 1
        signature = "t=1,v1=forged" if kind == "forged" else sign(payload, stamp)
        if kind == "altered":
            payload = payload.replace(b"succeeded", b"failed") + b" "
        answer = await self._client.post("/webhooks/sandbox", content=payload, headers={HEADER: signature})
        self.sent[kind] += 1
        if answer.is_success and kind not in MAY_BE_TAKEN:
            self.failures.append(f"a webhook was taken that is {kind}: {payload.decode()}")


async def bring_late_ones(after_seconds: float) -> None:
    """Messages that were to come later than their order's hold become due when that has ended."""
    await execute(
        """UPDATE sandbox_webhook SET next_at = $1
           WHERE delivered_at IS NULL AND attempts = 0 AND next_at > $1 AND next_at < $1::timestamptz + $2::interval""",
        now(),
        LATE - timedelta(seconds=after_seconds),
    )
