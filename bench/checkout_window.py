"""A browser without JavaScript, as the drill's buyers have it, and what they have seen in it."""

import asyncio
import html
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx

PATIENCE_SECONDS = 90.0  # for one step, while the shop is being killed
NUMBER = re.compile(r"F-\d{4}-[0-9A-Z]{5}")
BUSY = (429, 503)


class GaveUp(Exception):
    """The shop did not take a step in time."""


@dataclass
class Seen:
    """What buyers did, and what they were told."""

    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)  # what no page may ever say
    did: Counter[str] = field(default_factory=Counter)
    placed: dict[str, int] = field(default_factory=dict)  # number of an order -> the total that was confirmed
    acknowledged: set[str] = field(default_factory=set)  # numbers of orders whose page said that they are paid
    cancelled: set[str] = field(default_factory=set)  # ... that all of it is cancelled
    keys: dict[str, set[str]] = field(default_factory=dict)  # e-mail -> keys of the forms it has sent
    gave_up: int = 0


class Window:
    """Everything in it shares one jar of cookies, as windows of one browser do."""

    def __init__(self, port: int, chance: random.Random, seen: Seen) -> None:
        self._chance, self._seen = chance, seen
        self.client = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}",
            timeout=20,
            headers={"sec-fetch-site": "same-origin"},
            trust_env=False,
        )

    async def post(self, path: str, form: dict[str, str], *, follow: bool = True) -> httpx.Response:
        return await self.ask("POST", path, form, follow=follow)

    async def get(self, path: str) -> httpx.Response:
        return await self.ask("GET", path)

    async def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, *, follow: bool = True
    ) -> httpx.Response:
        """As a person would: what does not answer, or says that it is away, is tried again.

        Raises:
            GaveUp: see there.
        """
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                answer = await self.client.request(method, path, data=form, follow_redirects=follow)
            except httpx.HTTPError:
                self._seen.statuses[0] += 1
            else:
                self._seen.statuses[answer.status_code] += 1
                if answer.status_code >= 500 and answer.status_code not in BUSY:
                    self._seen.failures.append(f"{answer.status_code} {method} {answer.url.path}")
                elif answer.status_code not in BUSY:
                    return answer
            await asyncio.sleep(self._chance.uniform(0.5, 1.5))
        raise GaveUp


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def chosen(page: str) -> dict[str, str]:
    """What is chosen of its radio buttons."""
    return dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)" checked', page))


def number_on(page: httpx.Response) -> str:
    """Of the order that a page is about; "" if it is about none."""
    found = NUMBER.search(page.url.path) or (
        NUMBER.search(page.text) if page.url.path.startswith("/sandbox/pay/") else None
    )
    return found[0] if found else ""
