"""A rush: many buyers want the last pieces of one thing at once, over HTTP, in a shop that runs as in production.

    ./feira bench rush [--buyers 1000] [--pieces 100] [--seed 1] [--json]

Each buyer has filled a cart of its own on the shop's pages, the hot thing and up to two others from three warehouses,
and stands before the button "Pay". Then all press it. Who is asked again with what is left confirms that, as a shopper
would, until there is an order or a page that names the thing as sold out. Exit status 1 unless exactly the pieces
that there were are sold, everybody is told, and nobody sees an error; times are told and not judged.
"""

import asyncio
import json
import os
import random
import resource
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from urllib.parse import urlencode

import click
import httpx
from rich.console import Console

from app.checkout import auditing
from app.cli import shop
from app.cli.surroundings import surroundings
from app.demo import world
from app.infra import logs
from app.infra.database import connected, execute, fetch, fetch_one
from app.infra.settings import settings
from bench.checkout_buyer import ADDRESS
from bench.checkout_window import chosen, hidden
from bench.orders_shop import Stall, stall
from bench.shop import child, data_folder, free_port, migrate_new

HOUSES = ("LIS", "OPO", "FAO")
AT_A_TIME = 16  # buyers who fill their carts
MOST_TRIES = 8  # of one buyer, each with what was left then
PATIENCE_SECONDS = 60.0
SOLD_OUT = (
    '<h2 class="line-name">{}</h2>',  # the page that says so
    "{}: no longer to be had.",  # one about the rest, if the last piece went while that was looked at
    "Not in this order, and still in your cart: {}.",
)

console = Console(stderr=True, highlight=False)


@dataclass
class Result:
    buyers: int
    pieces: int
    sold: int = 0
    told_sold_out: int = 0
    untold: int = 0  # neither an order nor a page that says why not
    longest_wait: float = 0.0  # seconds from pressing the button until there is an order, or no hope
    median_wait: float = 0.0
    confirmations: int = 0  # with those of buyers who were asked again
    statuses: dict[int, int] = field(default_factory=dict)  # 0: no answer
    queries: dict[int, float] = field(default_factory=dict)  # status -> how many an answer took, on average
    broken: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        errors = any(status == 0 or status >= 500 for status in self.statuses)
        return self.sold == self.pieces and not (self.untold or errors or self.broken)


@dataclass
class Ready:
    """A buyer before the button."""

    cookies: dict[str, str]
    form: dict[str, str]


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    location: str
    queries: int = 0


async def prepared(place: Stall, number: int, chance: random.Random) -> Ready:
    """Through the pages, as a browser without JavaScript goes."""
    goods = [place.hot, *chance.sample(place.offers, chance.randrange(3))]
    chance.shuffle(goods)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{settings().port}",
        timeout=60,
        follow_redirects=True,
        headers={"sec-fetch-site": "same-origin"},
        trust_env=False,
    ) as client:
        for offer in goods:
            await client.post("/cart/lines", data={"offer": str(offer), "quantity": "1"})
        page = await client.post("/checkout/address", data={**ADDRESS, "email": f"buyer-{number}@example.pt"})
        if page.url.path == "/checkout/delivery":  # it is asked only where a parcel can travel in several ways
            page = await client.post("/checkout/delivery", data=chosen(page.text))
        form = hidden(page.text)
        if "key" not in form:
            raise click.ClickException(f"buyer {number} did not get to the payment step: {page.url.path}")
        return Ready(dict(client.cookies.items()), form)


async def ask(cookies: dict[str, str], path: str, form: dict[str, str] | None = None) -> Answer:
    """Over a connection of its own, by bytes: a thousand clients of a library would be what is measured."""
    body = urlencode(form or {}).encode()
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    head = (
        f"{'GET' if form is None else 'POST'} {path} HTTP/1.1\r\nhost: 127.0.0.1:{settings().port}\r\n"
        f"cookie: {cookie}\r\ncontent-type: application/x-www-form-urlencoded\r\nsec-fetch-site: same-origin\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", settings().port)
            writer.write(head.encode() + body)
            found = await reader.read(-1)
            writer.close()
    except (OSError, TimeoutError):
        return Answer(0, "", "")
    before, _, page = found.partition(b"\r\n\r\n")
    lines = before.decode("latin-1").split("\r\n")
    for line in lines:
        if line.lower().startswith("set-cookie: "):  # what is said on the next page, among others
            name, _, value = line[12:].partition(";")[0].partition("=")
            cookies[name] = value
    status = int(lines[0].split()[1]) if lines[0] else 0
    return Answer(
        status, page.decode("utf-8", "replace"), _header(lines, "location"), int(_header(lines, "x-query-count") or 0)
    )


def _header(lines: list[str], name: str) -> str:
    return next((line.partition(": ")[2] for line in lines if line.lower().startswith(f"{name}: ")), "")


class Rush:
    def __init__(self, result: Result, thing: str) -> None:
        self.result = result
        self.sold_out = [words.format(thing) for words in SOLD_OUT]
        self.statuses = Counter[int]()
        self.queries = Counter[int]()
        self.outcomes = Counter[str]()
        self.waits: list[float] = []

    async def buy(self, ready: Ready) -> None:
        began = time.perf_counter()
        outcome = "untold"
        for _ in range(MOST_TRIES):
            answer = await self._ask(ready, "/orders", ready.form)
            self.result.confirmations += 1
            if answer.location.startswith(("/sandbox/pay/", "/orders/F-")):
                outcome = "ordered"
                break
            page = await self._led_on(ready, answer)
            if any(words in page.text for words in self.sold_out):
                outcome = "sold out"
                break
            ready.form = hidden(page.text)
            if "key" not in ready.form:
                break
        self.outcomes[outcome] += 1
        self.waits.append(time.perf_counter() - began)

    async def _led_on(self, ready: Ready, answer: Answer) -> Answer:
        """Where redirects lead; what comes from another warehouse now has its delivery chosen as it is offered."""
        for _ in range(4):
            if answer.location:
                answer = await self._ask(ready, answer.location)
            elif levels := chosen(answer.text):
                if "key" in hidden(answer.text):
                    break
                answer = await self._ask(ready, "/checkout/delivery", levels)
            else:
                break
        return answer

    async def _ask(self, ready: Ready, path: str, form: dict[str, str] | None = None) -> Answer:
        answer = await ask(ready.cookies, path, form)
        self.statuses[answer.status] += 1
        self.queries[answer.status] += answer.queries
        return answer


async def rush(result: Result, seed: int) -> None:
    async with connected():
        await world.prepare()
        place = await stall(HOUSES, with_buckets=False)
        for number, house in enumerate(HOUSES):
            pieces = result.pieces // len(HOUSES) + (number < result.pieces % len(HOUSES))
            await execute("UPDATE stock SET on_hand = $2 WHERE id = $1", place.stock[place.hot, house], pieces)
        console.print(f"{result.buyers:,} buyers fill their carts ...")
        queue = iter(range(result.buyers))
        ready: list[Ready] = []

        async def fill() -> None:
            for number in queue:
                ready.append(await prepared(place, number, random.Random(seed * 1_000_003 + number)))

        await asyncio.gather(*(fill() for _ in range(AT_A_TIME)))
        console.print("... and press the button.")
        thing = await fetch_one(
            """SELECT product.name FROM product JOIN variant ON variant.product = product.id
               JOIN offer ON offer.variant = variant.id WHERE offer.id = $1""",
            place.hot,
        )
        assert thing
        running = Rush(result, thing["name"])
        await asyncio.gather(*(running.buy(each) for each in ready))
        waits = sorted(running.waits)
        result.longest_wait, result.median_wait = round(waits[-1], 2), round(waits[len(waits) // 2], 2)
        result.statuses = dict(sorted(running.statuses.items()))
        result.queries = {status: round(running.queries[status] / n, 1) for status, n in result.statuses.items()}
        result.told_sold_out, result.untold = running.outcomes["sold out"], running.outcomes["untold"]
        row = await fetch_one(
            """SELECT coalesce(sum(r.quantity), 0)::int AS pieces FROM reservation r JOIN stock s ON s.id = r.stock
               WHERE s.offer = $1 AND r.state IN ('held', 'sold')""",
            place.hot,
        )
        assert row
        result.sold = row["pieces"]
        result.broken = [str(each) for each in await auditing.broken() if "outbox" not in each.rule][:20]
        if await fetch("SELECT FROM shop_order GROUP BY checkout_key HAVING count(*) > 1"):
            result.broken.append("a form has placed two orders")


@click.command()
@click.option("--buyers", default=1_000, show_default=True, type=click.IntRange(1, 5_000))
@click.option("--pieces", default=100, show_default=True, type=click.IntRange(1, 5_000))
@click.option("--seed", default=1, show_default=True, type=int)
@click.option("--json", "as_json", is_flag=True)
def main(buyers: int, pieces: int, seed: int, as_json: bool) -> None:
    """Let BUYERS press the button at once for the last PIECES of one thing."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 4 * buyers + 500), hard), hard))
    result = Result(buyers, pieces)
    with ExitStack() as stack:
        stack.enter_context(data_folder())
        os.environ.setdefault("LOG_LEVEL", "warning")
        os.environ.update(PORT=str(free_port()), SHOW_QUERY_COUNT="1")
        settings.cache_clear()
        logs.configure()
        stack.enter_context(surroundings(exclusive=True))
        asyncio.run(migrate_new())
        stack.enter_context(child("worker", shop.worker_command()))
        stack.enter_context(child("web", shop.web_command()))
        asyncio.run(_wait_until_ready())
        asyncio.run(rush(result, seed))
    click.echo(json.dumps(asdict(result), indent=2) if as_json else _in_words(result))
    raise SystemExit(0 if result.is_good else 1)


async def _wait_until_ready() -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if (await client.get(f"http://127.0.0.1:{settings().port}/readyz")).is_success:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.2)
    raise click.ClickException("the shop does not get ready")


def _in_words(result: Result) -> str:
    told = (
        f"{result.buyers:,} buyers of the last {result.pieces}: {result.sold} sold, {result.told_sold_out} told that "
    )
    told += f"it is sold out, {result.untold} told nothing; all within {result.longest_wait} s (half of them within "
    told += f"{result.median_wait} s). Answers by status: {result.statuses}."
    return "\n".join([told, *result.broken])


if __name__ == "__main__":
    main()
