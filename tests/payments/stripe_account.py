"""What a small Stripe holds of one account (sessions, payment intents, refunds, events), and what may be done with it.

Objects are as far as the shop reads them, after Stripe's documentation for the pinned version.
"""

import itertools
import json
import time
from typing import Any

Answer = tuple[int, dict[str, Any]]


class Wrong(Exception):
    def __init__(self, message: str, code: str = "", kind: str = "invalid_request_error", status: int = 400) -> None:
        super().__init__(message)
        self.answer = status, {"error": {"type": kind, "code": code, "message": message}}


class StripeAccount:
    def __init__(self) -> None:
        self.sessions: dict[str, dict[str, Any]] = {}
        self.intents: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.multicapture = True
        self.refund_status = "succeeded"
        self._numbers = itertools.count(1)

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

    def do(self, method: str, path: list[str], query: dict[str, Any], form: dict[str, Any]) -> Answer:
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
