"""A buyer of the drill of checkouts: impatient, forgetful, with two windows, and sometimes not quite honest."""

import asyncio
import random
import re

import httpx

from app.demo.world import PASSWORD
from bench.checkout_window import GaveUp, Seen, Window, chosen, hidden, number_on

ADDRESS = {"name": "Marta Fonseca", "line1": "Rua da Boavista 84", "postcode": "1200-109"}
CARDS = (
    ("4242424242424242", 6),  # approved
    ("4000000000000002", 2),  # declined
    ("4000000000003220", 2),  # asks again
    ("4000000000000077", 1),  # slow
)
SOLD_OUT = 409
SIGNED_IN_EVERY = 4  # of so many buyers one has an account
AFTER_THE_HOLD = 70.0  # seconds
# How many in a hundred, where there is occasion.
HABITS = {
    "double click on Pay": 30,
    "reload after Pay": 20,
    "another window changed the cart": 10,
    "another total in the form": 5,
    "session over at Pay": 8,
    "back after Pay": 10,
    "window closed": 8,
    "window closed after the card": 15,
    "two windows at the bank": 15,
    "webhook before the redirect": 25,
    "answer after the hold": 4,
    "cancelled unpaid": 5,
    "paid what was cancelled": 50,
    "cancelled paid": 20,
    "double click on Cancel": 30,
}


def email_of(number: int) -> str:
    return f"buyer-{number}@example.pt"


class Buyer:
    def __init__(self, port: int, number: int, offers: list[int], chance: random.Random, seen: Seen) -> None:
        self._email, self._has_account = email_of(number), number % SIGNED_IN_EVERY == 0
        self._offers, self._chance, self._seen = offers, chance, seen
        self._window = Window(port, chance, seen)

    async def buy(self) -> None:
        async with self._window.client:
            try:
                if self._has_account:
                    await self._sign_in()
                await self._fill_cart(self._chance.randint(1, 3))
                await self._check_out()
            except GaveUp:
                self._seen.gave_up += 1

    def _does(self, habit: str) -> bool:
        does = self._chance.randrange(100) < HABITS[habit]
        self._seen.did[habit] += does
        return does

    async def _sign_in(self) -> None:
        await self._window.post("/sign-in", {"email": self._email, "password": PASSWORD, "next": "/cart"})

    async def _fill_cart(self, things: int) -> None:
        for offer in self._chance.sample(self._offers, things):
            form = {"offer": str(offer), "quantity": str(self._chance.randint(1, 2))}
            await self._window.post("/cart/lines", form)

    async def _check_out(self) -> None:
        page = await self._window.post("/checkout/address", {**ADDRESS, "email": self._email})
        for _ in range(8):  # asked again when something has changed
            if page.url.path == "/checkout/delivery":
                page = await self._window.post("/checkout/delivery", chosen(page.text))
            form = hidden(page.text)
            if "key" not in form:
                return  # sold out
            if self._does("another window changed the cart"):
                await self._fill_cart(1)
            if self._does("another total in the form"):
                self._must_not_place(await self._window.post("/orders", {**form, "total": "1"}), "another total")
            if self._does("session over at Pay"):
                await self._lose_session(form)
            page = await self._place(form)
            if page.status_code == SOLD_OUT and 'href="/checkout/payment"' in page.text:
                page = await self._window.get("/checkout/payment")  # the rest
            if number := number_on(page):
                self._seen.placed[number] = int(form["total"])
                return await self._has_placed(number, page, form)

    async def _place(self, form: dict[str, str]) -> httpx.Response:
        """With a double click, sometimes; and once more, when the answer was lost."""
        self._seen.keys.setdefault(self._email, set()).add(form["key"])
        clicks = 2 if self._does("double click on Pay") else 1
        pages = await asyncio.gather(*(self._window.post("/orders", form) for _ in range(clicks)))
        numbers = {number_on(page) for page in pages} - {""}
        if len(numbers) > 1:
            self._seen.failures.append(f"a double click placed {sorted(numbers)}")
        return next((page for page in pages if number_on(page)), pages[-1])

    def _must_not_place(self, page: httpx.Response, why: str) -> None:
        if number := number_on(page):
            self._seen.failures.append(f"{why} placed {number}")

    async def _lose_session(self, form: dict[str, str]) -> None:
        """The form is sent by nobody; then the shopper comes back."""
        if self._has_account:
            await self._window.post("/sign-out", {})
            self._must_not_place(await self._window.post("/orders", form), "a session that was over")
            await self._sign_in()
            return
        jar = self._window.client.cookies.jar
        kept = list(jar)
        jar.clear()
        self._must_not_place(await self._window.post("/orders", form), "a session that was over")
        jar.clear()
        for cookie in kept:
            jar.set_cookie(cookie)

    async def _has_placed(self, number: str, page: httpx.Response, form: dict[str, str]) -> None:
        if self._does("reload after Pay"):
            again = number_on(await self._window.post("/orders", form))
            if again not in (number, ""):
                self._seen.failures.append(f"a reload after {number} placed {again}")
        if self._does("back after Pay"):
            await self._window.get("/checkout/payment")
        if self._does("cancelled unpaid"):
            await self._cancel(number, {"whole": "1"})
            if not self._does("paid what was cancelled"):
                return
        await self._pay(number, page)

    async def _pay(self, number: str, page: httpx.Response) -> None:
        for _ in range(4):
            if page.url.path.startswith("/sandbox/pay/"):
                if self._does("window closed"):
                    return
                if self._does("window closed after the card"):
                    await self._window.post(page.url.path, self._card(), follow=False)
                    return
                await self._at_the_bank(page.url.path)
            if await self._look(number):
                if self._does("cancelled paid"):
                    await self._cancel_some(number)
                return
            if self._chance.random() < 0.3:
                return
            page = await self._window.post(f"/orders/{number}/payments", {})

    async def _at_the_bank(self, path: str) -> None:
        windows = 2 if self._does("two windows at the bank") else 1
        pages = await asyncio.gather(*(self._give_card(path) for _ in range(windows)))
        for page in pages:
            if page.url.path.endswith("/challenge") or "/challenge" in page.text:
                if self._does("answer after the hold"):
                    await asyncio.sleep(AFTER_THE_HOLD)
                answer = self._chance.choice(["approve", "approve", "fail"])
                await self._window.post(f"{path}/challenge", {"answer": answer})

    async def _give_card(self, path: str) -> httpx.Response:
        if not self._does("webhook before the redirect"):
            return await self._window.post(path, self._card())
        page = await self._window.post(path, self._card(), follow=False)
        if not page.is_redirect:
            return page
        await asyncio.sleep(self._chance.uniform(1, 4))
        return await self._window.get(page.headers["location"])

    def _card(self) -> dict[str, str]:
        card = self._chance.choices([card for card, _ in CARDS], [often for _, often in CARDS])[0]
        return {"number": card, "expiry": "12/39", "cvc": "123"}

    async def _look(self, number: str) -> bool:
        """At the order's page, sometimes twice; whether it says that it is paid."""
        for _ in range(self._chance.randint(1, 2)):
            page = await self._window.get(f"/orders/{number}")
            if re.search(r'<h2 id="sum">\s*Paid', page.text):
                self._seen.acknowledged.add(number)
                return True
        return False

    async def _cancel_some(self, number: str) -> None:
        page = await self._window.get(f"/orders/{number}/cancellation")
        lines = re.findall(r'name="(line-\d+)"', page.text)
        if len(lines) > 1 and self._chance.random() < 0.5:
            await self._cancel(number, {self._chance.choice(lines): "1"})
        else:
            await self._cancel(number, {"whole": "1"})

    async def _cancel(self, number: str, form: dict[str, str]) -> None:
        clicks = 2 if self._does("double click on Cancel") else 1
        path = f"/orders/{number}/cancellation"
        pages = await asyncio.gather(*(self._window.post(path, form) for _ in range(clicks)))
        if "whole" in form and any("The order is cancelled." in page.text for page in pages):
            self._seen.cancelled.add(number)
