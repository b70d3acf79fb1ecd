"""A small Stripe on a local port: Checkout pages, payment intents, refunds and signed webhooks, with its faults.

Written after Stripe's documentation for the pinned version: form-encoded requests, idempotency by key (the first answer
is kept, failures of its own too; other parameters with the same key are an error), and objects as far as the shop reads
them.
"""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Answer = tuple[int, dict[str, Any]]

SECRET_KEY, WEBHOOK_SECRET = "sk_test_of_nobody_at_all", "whsec_of_nobody_at_all"


class Wrong(Exception):
    def __init__(self, message: str, code: str = "", kind: str = "invalid_request_error", status: int = 400) -> None:
        super().__init__(message)
        self.answer = status, {"error": {"type": kind, "code": code, "message": message}}


class StripeServer:
    """`faults` is what happens to the next requests that change something, one after another: "" | error_before |
    error_after | timeout_after | away."""

    def __init__(self) -> None:
        self.sessions: dict[str, dict[str, Any]] = {}
        self.intents: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.faults: list[str] = []
        self.is_away = False
        self.multicapture = True
        self.refund_status = "succeeded"
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self._kept: dict[str, tuple[Any, Answer]] = {}
        self._numbers = itertools.count(1)
        self._stopped = asyncio.Event()

    # What shoppers and banks do

    def pay(self, session_id: str, *, approved: bool = True) -> None:
        """The shopper presents a card on the hosted page; after a decline the page stays open for another."""
        session = self.sessions[session_id]
        if session["status"] != "open" or session["expires_at"] <= time.time():
            raise AssertionError("this page is closed")
        wanted = session["_intent"]
        manual = wanted["capture_method"] == "manual"
        if not approved:
            return
        amount, number = session["amount_total"], next(self._numbers)
        card: dict[str, Any] = {"brand": "visa", "last4": "4242"}
        if manual:
            card["multicapture"] = {"status": "available" if self.multicapture else "unavailable"}
            card["capture_before"] = int(time.time()) + 7 * 86400
        intent = {
            "id": f"pi_{number}",
            "object": "payment_intent",
            "created": int(time.time()),
            "amount": amount,
            "currency": session["currency"],
            "amount_received": 0 if manual else amount,
            "amount_capturable": amount if manual else 0,
            "status": "requires_capture" if manual else "succeeded",
            "metadata": wanted["metadata"],
            "last_payment_error": None,
            "latest_charge": {"id": f"ch_{number}", "object": "charge", "payment_method_details": {"card": card}},
        }
        self.intents[intent["id"]] = intent
        session.update(status="complete", payment_intent=intent["id"], payment_status="unpaid" if manual else "paid")
        self._tell("payment_intent.amount_capturable_updated" if manual else "payment_intent.succeeded", intent)
        self._tell("checkout.session.completed", session)

    def expire(self, session_id: str) -> None:
        self.sessions[session_id]["status"] = "expired"
        self._tell("checkout.session.expired", self.sessions[session_id])

    def settle_refund(self, refund_id: str, status: str) -> None:
        self.refunds[refund_id]["status"] = status
        self._tell("refund.failed" if status == "failed" else "refund.updated", self.refunds[refund_id])

    def dispute(self, intent_id: str, amount: int, *, won: bool = False) -> None:
        kind = "charge.dispute.funds_reinstated" if won else "charge.dispute.funds_withdrawn"
        self._tell(kind, {"id": "dp_1", "object": "dispute", "amount": amount, "payment_intent": intent_id})

    def _tell(self, kind: str, thing: dict[str, Any]) -> None:
        seen = {name: value for name, value in thing.items() if not name.startswith("_")}
        event = {"id": f"evt_{next(self._numbers)}", "object": "event", "type": kind, "data": {"object": seen}}
        self.events.append(json.loads(json.dumps(event)))

    # The API

    def _create_session(self, form: dict[str, Any]) -> Answer:
        number = next(self._numbers)
        item = form["line_items"]["0"]
        if int(form["expires_at"]) < time.time() + 30 * 60 - 5:
            raise Wrong("expires_at must be at least 30 minutes from now", "parameter_invalid")
        session = {
            "id": f"cs_test_{number}",
            "object": "checkout.session",
            "status": "open",
            "payment_intent": None,
            "payment_status": "unpaid",
            "amount_total": int(item["quantity"]) * int(item["price_data"]["unit_amount"]),
            "currency": item["price_data"]["currency"],
            "metadata": form["metadata"],
            "client_reference_id": form["client_reference_id"],
            "expires_at": int(form["expires_at"]),
            "success_url": form["success_url"],
            "url": f"https://checkout.stripe.com/c/pay/cs_test_{number}",
            "_intent": form["payment_intent_data"],
            "_adapts_prices": form.get("adaptive_pricing", {}).get("enabled", "true") == "true",
        }
        self.sessions[session["id"]] = session
        return 200, session

    def _session(self, session_id: str, query: dict[str, Any]) -> Answer:
        session = self._known(self.sessions, session_id)
        if "expand" in query and session["payment_intent"]:
            return 200, {**session, "payment_intent": self.intents[session["payment_intent"]]}
        return 200, session

    def _expire_session(self, session_id: str) -> Answer:
        session = self._known(self.sessions, session_id)
        if session["status"] != "open":
            raise Wrong("Only Checkout Sessions with a status in open can be expired.")
        self.expire(session_id)
        return 200, session

    def _capture(self, intent_id: str, form: dict[str, Any]) -> Answer:
        intent = self._known(self.intents, intent_id)
        amount, final = int(form["amount_to_capture"]), form.get("final_capture", "true") == "true"
        if intent["status"] != "requires_capture":
            raise Wrong("This PaymentIntent could not be captured.", "payment_intent_unexpected_state")
        if amount > intent["amount_capturable"]:
            raise Wrong("The amount is too large.", "amount_too_large")
        if "final_capture" in form and not self.multicapture:
            raise Wrong("Multicapture is not available.", "parameter_unknown")
        intent["amount_received"] += amount
        intent["amount_capturable"] -= amount
        if final or not intent["amount_capturable"]:
            intent.update(status="succeeded", amount_capturable=0)
            self._tell("payment_intent.succeeded", intent)
        return 200, intent

    def _cancel(self, intent_id: str) -> Answer:
        intent = self._known(self.intents, intent_id)
        if intent["status"] != "requires_capture":
            raise Wrong("You cannot cancel this PaymentIntent.", "payment_intent_unexpected_state")
        done = "succeeded" if intent["amount_received"] else "canceled"
        intent.update(status=done, amount_capturable=0)
        self._tell(f"payment_intent.{done}", intent)
        return 200, intent

    def _create_refund(self, form: dict[str, Any]) -> Answer:
        intent, amount = self._known(self.intents, form["payment_intent"]), int(form["amount"])
        before = sum(
            each["amount"]
            for each in self.refunds.values()
            if each["payment_intent"] == intent["id"] and each["status"] not in ("failed", "canceled")
        )
        if before + amount > intent["amount_received"]:
            raise Wrong("Refund amount is greater than unrefunded amount on charge.", "charge_already_refunded")
        refund = {
            "id": f"re_{next(self._numbers)}",
            "object": "refund",
            "created": int(time.time()),
            "amount": amount,
            "status": self.refund_status,
            "payment_intent": intent["id"],
            "metadata": form.get("metadata", {}),
        }
        self.refunds[refund["id"]] = refund
        self._tell("refund.created", refund)
        return 200, refund

    def _list(self, things: dict[str, dict[str, Any]], query: dict[str, Any]) -> Answer:
        found = [each for each in reversed(things.values()) if each["created"] >= int(query.get("created[gte]", 0))]
        if "payment_intent" in query:
            found = [each for each in found if each["payment_intent"] == query["payment_intent"]]
        if after := query.get("starting_after"):
            found = found[[each["id"] for each in found].index(after) + 1 :]
        count = min(int(query.get("limit", 10)), 2)  # small pages, so that turning them is tried
        return 200, {"object": "list", "data": found[:count], "has_more": len(found) > count}

    def _known(self, things: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
        if name not in things:
            raise Wrong(f"No such object: {name}", "resource_missing", status=404)
        return things[name]

    def _route(self, method: str, path: list[str], query: dict[str, Any], form: dict[str, Any]) -> Answer:
        match method, path:
            case "POST", ["checkout", "sessions"]:
                return self._create_session(form)
            case "GET", ["checkout", "sessions", name]:
                return self._session(name, query)
            case "POST", ["checkout", "sessions", name, "expire"]:
                return self._expire_session(name)
            case "GET", ["payment_intents"]:
                return self._list(self.intents, query)
            case "GET", ["payment_intents", name]:
                return 200, self._known(self.intents, name)
            case "POST", ["payment_intents", name, "capture"]:
                return self._capture(name, form)
            case "POST", ["payment_intents", name, "cancel"]:
                return self._cancel(name)
            case "POST", ["refunds"]:
                return self._create_refund(form)
            case "GET", ["refunds"]:
                return self._list(self.refunds, query)
            case "GET", ["refunds", name]:
                return 200, self._known(self.refunds, name)
        raise Wrong(f"Unrecognized request URL ({method} /v1/{'/'.join(path)})", status=404)

    async def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[Answer, bool]:
        """An answer, and whether it repeats one."""
        if headers.get("authorization") != f"Bearer {SECRET_KEY}":
            return Wrong("Invalid API Key provided", kind="invalid_request_error", status=401).answer, False
        assert headers.get("stripe-version") == "2026-10-28.endive"
        parts = urlsplit(target)
        query, pairs = dict(parse_qsl(parts.query)), parse_qsl(body.decode())
        key = headers.get("idempotency-key", "")
        if method == "POST" and key in self._kept:
            asked, kept = self._kept[key]
            if asked != (target, pairs):
                mismatch = "Keys for idempotent requests can only be used with the same parameters."
                return Wrong(mismatch, kind="idempotency_error").answer, False
            return kept, True
        expands = {"expand": "1"} if any(name.startswith("expand") for name in query) else {}
        fault = self.faults.pop(0) if method == "POST" and self.faults else ""
        failure = 500, {"error": {"type": "api_error", "message": "Something went wrong on Stripe's end."}}
        try:
            path = parts.path.removeprefix("/v1/").split("/")
            done = (
                failure if fault == "error_before" else self._route(method, path, {**query, **expands}, _nested(pairs))
            )
        except Wrong as wrong:
            return wrong.answer, False  # refused before it began: not kept
        shown: Answer = failure if fault == "error_after" else (done[0], json.loads(json.dumps(done[1])))
        if method == "POST" and key:
            self._kept[key] = (target, pairs), shown
        if fault == "timeout_after":
            await asyncio.wait_for(self._stopped.wait(), 60)
        return shown, False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            if self.is_away:
                return
            first, *lines = head.split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            method, target, _ = first.split(" ")
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.requests.append((method, target, headers))
            (status, told), again = await self.answer(method, target, headers, body)
            sent = json.dumps({name: value for name, value in told.items() if not name.startswith("_")}).encode()
            replayed = "idempotent-replayed: true\r\n" if again else ""
            writer.write(
                f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nrequest-id: req_1\r\n{replayed}"
                f"content-length: {len(sent)}\r\nconnection: close\r\n\r\n".encode()
                + sent
            )
            await writer.drain()
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def stop(self) -> None:
        self._stopped.set()


def _nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """a[b][c]=d as {a: {b: {c: d}}}."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        *outer, last = name.replace("]", "").split("[")
        place = found
        for part in outer:
            place = place.setdefault(part, {})
        place[last] = value
    return found


def signed(event: dict[str, Any], *, secret: str = WEBHOOK_SECRET, at: float | None = None) -> tuple[bytes, str]:
    """A webhook's body, and its header."""
    body, stamp = json.dumps(event).encode(), int(time.time() if at is None else at)
    mac = hmac.new(secret.encode(), b"%d." % stamp + body, hashlib.sha256).hexdigest()
    return body, f"t={stamp},v1={mac}"


@asynccontextmanager
async def running() -> AsyncIterator[tuple[StripeServer, str]]:
    """The server, and the address of its API."""
    stripe = StripeServer()
    server = await asyncio.start_server(stripe.serve, "127.0.0.1", 0)
    yield stripe, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    stripe.stop()
    server.close()
