"""Signed messages of the sandbox to the shop: written with the outcome, delivered afterwards, again until answered."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any

import httpx
import msgspec

from app.infra.clock import now
from app.infra.database import execute, fetch
from app.infra.logs import log
from app.infra.outward.downloading import tls
from app.infra.settings import settings
from app.payments.provider import BadSignature
from app.payments.sandbox_faults import happens

HEADER = "sandbox-signature"
TOLERANCE = timedelta(minutes=5)
TIMEOUT_SECONDS = 5.0
BATCH = 20
LATE = timedelta(minutes=45)
TRIES = 15  # over about a day; after that reconciliation has long asked


def _key() -> bytes:
    """A key of its own, so that nothing else signed with SECRET_KEY passes for a webhook."""
    return hmac.digest(settings().secret_key.get_secret_value().encode(), b"feira sandbox webhooks", "sha256")


def sign(body: bytes, timestamp: int) -> str:
    """The header's value: "t=1795000000,v1=<hex>"."""
    mac = hmac.new(_key(), b"%d." % timestamp + body, hashlib.sha256)
    return f"t={timestamp},v1={mac.hexdigest()}"


def check(body: bytes, header: str) -> None:
    """Raises BadSignature unless `header` is ours for exactly these bytes, and recent."""
    fields = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    stamp = fields.get("t", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise BadSignature("no timestamp")
    if not hmac.compare_digest(sign(body, int(stamp)).encode(), header.encode("utf-8", "replace")):
        raise BadSignature("wrong signature")
    if abs(now().timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        raise BadSignature("too old")


async def announce(message: dict[str, Any]) -> None:
    """Write a message to be delivered, in the transaction of its cause."""
    if await happens("webhook_lost"):
        return
    event = f"evt_{secrets.token_urlsafe(16)}"
    await execute(
        "INSERT INTO sandbox_webhook (event, payload, attempts, next_at) VALUES ($1, $2, 0, $3)",
        event,
        msgspec.json.encode({"id": event, **message}).decode(),
        now() + LATE if await happens("webhook_late") else now(),
    )


async def deliver_due() -> int:
    """Deliver what is due; returns how many messages were taken. Claimed first, so that a kill only delays them."""
    rows = await fetch(
        """UPDATE sandbox_webhook SET attempts = attempts + 1,
             next_at = $1::timestamptz + make_interval(secs => least(5 * 2 ^ attempts, 7200))
           WHERE id IN (SELECT id FROM sandbox_webhook WHERE delivered_at IS NULL AND next_at <= $1 AND attempts < $3
                        ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
           RETURNING id, payload""",
        now(),
        BATCH,
        TRIES,
    )
    if not rows:  # nearly always
        return 0
    rows = sorted(rows, key=lambda row: row["id"], reverse=await happens("webhook_reordered"))
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False, verify=tls()) as client:
        for row in rows:
            if await happens("webhook_forged"):
                await _deliver(client, _opposite(row["payload"]), "t=1,v1=forged")
            if await happens("webhook_duplicate"):
                await _deliver(client, row["payload"].encode())
            if await _deliver(client, row["payload"].encode()):
                await execute("UPDATE sandbox_webhook SET delivered_at = $2 WHERE id = $1", row["id"], now())
    return len(rows)


def _opposite(payload: str) -> bytes:
    told = msgspec.json.decode(payload, type=dict[str, Any])
    told["type"] = "payment.succeeded" if told["type"] == "payment.failed" else "payment.failed"
    return msgspec.json.encode({**told, "id": f"evt_{secrets.token_urlsafe(16)}"})


async def _deliver(client: httpx.AsyncClient, body: bytes, signature: str = "") -> bool:
    """Whether the shop has answered that it has taken the message."""
    headers = {"content-type": "application/json", HEADER: signature or sign(body, int(now().timestamp()))}
    try:
        answer = await client.post(f"{settings().public_url}/webhooks/sandbox", content=body, headers=headers)
        return answer.is_success
    except httpx.HTTPError as error:
        log("sandbox").warning("webhook not delivered", error=repr(error))
        return False
