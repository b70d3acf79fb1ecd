"""A buyer of the drill of checkouts: over HTTP, without JavaScript, impatient, forgetful, and with two windows."""

import asyncio
import html
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx

PATIENCE_SECONDS = 90.0  # for one step, while the shop is being killed
ADDRESS = {"name": "Marta Fonseca", "line1": "Rua da Boavista 84", "postcode": "1200-109"}
CARDS = (
    ("4242424242424242", 6),  # approved
    ("4000000000000002", 2),  # declined
    ("4000000000003220", 2),  # asks again
    ("4000000000000077", 1),  # slow
)
NUMBER = re.compile(r"F-\d{4}-[0-9A-Z]{5}")


class GaveUp(Exception):
    """The shop did not take a step in time."""


@dataclass
class Seen:
    """What buyers have seen."""

    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)  # pages of a shop that is broken, not away
    acknowledged: set[str] = field(default_factory=set)  # numbers of orders whose page said that they are paid
    placed: set[str] = field(default_factory=set)
    gave_up: int = 0


class Buyer:
    def __init__(self, port: int, number: int, offers: list[int], chance: random.Random, seen: Seen) -> None:
        self._base, self._number = f"http://127.0.0.1:{port}", number
        self._offers, self._chance, self._seen = offers, chance, seen

    async def buy(self) -> None:
        async with httpx.AsyncClient(
            base_url=self._base,
            timeout=20,
            follow_redirects=True,
            headers={"sec-fetch-site": "same-origin"},
            trust_env=False,
        ) as self._client:
            try:
                await self._fill_cart()
                await self._check_out()
            except GaveUp:
                self._seen.gave_up += 1

    async def _fill_cart(self) -> None:
        for offer in self._chance.sample(self._offers, self._chance.randint(1, 3)):
            await self._post("/cart/lines", {"offer": str(offer), "quantity": str(self._chance.randint(1, 2))})

    async def _check_out(self) -> None:
        page = await self._post("/checkout/address", {**ADDRESS, "email": f"buyer-{self._number}@example.pt"})
        if page.url.path != "/checkout/delivery":
            return  # sold out
        chosen = dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)" checked', page.text))
        page = await self._post("/checkout/delivery", chosen)
        for _ in range(5):  # asked again when something has changed
            form = _hidden(page)
            if "key" not in form:
                return
            page = await self._place(form)
            if page.url.path.startswith("/sandbox/pay/"):
                return await self._pay(page)
            if number := NUMBER.search(page.url.path):
                await self._look(number[0])
                return

    async def _place(self, form: dict[str, str]) -> httpx.Response:
        """With a double click, sometimes; and once more, when the answer was lost."""
        clicks = 2 if self._chance.random() < 0.3 else 1
        answers = await asyncio.gather(*(self._post("/orders", form) for _ in range(clicks)))
        return answers[-1]

    async def _pay(self, page: httpx.Response) -> None:
        number = NUMBER.search(page.text)
        if number:
            self._seen.placed.add(number[0])
        for _ in range(3):
            if self._chance.random() < 0.08:
                return  # closes the window
            card = self._chance.choices([card for card, _ in CARDS], [often for _, often in CARDS])[0]
            page = await self._post(page.url.path, {"number": card, "expiry": "12/39", "cvc": "123"})
            if page.url.path.endswith("/challenge"):
                page = await self._post(page.url.path, {"answer": self._chance.choice(["approve", "approve", "fail"])})
            if not number:
                return
            if await self._look(number[0]):
                return
            if self._chance.random() < 0.3:
                return
            page = await self._post(f"/orders/{number[0]}/payments", {})
            if not page.url.path.startswith("/sandbox/pay/"):
                return

    async def _look(self, number: str) -> bool:
        """At the order's page, sometimes twice; whether it says that it is paid."""
        for _ in range(self._chance.randint(1, 2)):
            page = await self._ask("GET", f"/orders/{number}")
            if re.search(r'<h2 id="sum">\s*Paid', page.text):
                self._seen.acknowledged.add(number)
                return True
        return False

    async def _post(self, path: str, form: dict[str, str]) -> httpx.Response:
        return await self._ask("POST", path, form)

    async def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> httpx.Response:
        """As a person would: what does not answer, or says that it is away, is tried again."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                answer = await self._client.request(method, path, data=form)
            except httpx.HTTPError:
                self._seen.statuses[0] += 1
            else:
                self._seen.statuses[answer.status_code] += 1
                if answer.status_code >= 500 and answer.status_code != 503:
                    self._seen.failures.append(f"{answer.status_code} {method} {answer.url.path}")
                elif answer.status_code not in (429, 503):
                    return answer
            await asyncio.sleep(self._chance.uniform(0.5, 1.5))
        raise GaveUp


def _hidden(page: httpx.Response) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return {name: html.unescape(value) for name, value in found}
