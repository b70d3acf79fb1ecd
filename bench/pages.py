"""How fast the pages are, each beside a constant body of the same size from the same application in the same run.

    ./feira bench pages [--json] [--seconds 2] [--rounds 3] [--connections 8]

The shop (web process, PostgreSQL, Valkey) has one core, the load the other. Page and constant take turns, so that a
machine that slows down slows both; the ratio is what to quote. Requests carry a postcode, so that dates are worked out,
and accept Brotli, as browsers do.
"""

import asyncio
import itertools
import json
import re
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median

import click
import httpx
from rich.console import Console
from rich.table import Table

from bench.load import Tally, load
from bench.shop import open_shop

POSTCODE = "feira_postcode=1200-109"
Request = Callable[[], bytes]


@dataclass(frozen=True)
class Figures:
    page: str
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    bytes: int  # of the body, as sent
    queries: int
    constant_requests_per_second: float
    constant_p50_ms: float
    ratio: float  # of the rates: 1.0 would be as fast as a constant
    failures: int


def get(path: str) -> Request:
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: br\r\nCookie: {POSTCODE}\r\n\r\n".encode()
    return lambda: head


def cart_add(visitor: str, offers: list[str]) -> Request:
    """Adds one piece of the next offer, as a visitor without JavaScript."""
    turn = itertools.cycle(offers)

    def request() -> bytes:
        body = f"offer={next(turn)}&quantity=1".encode()
        head = (
            "POST /cart/lines HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Cookie: {POSTCODE}; feira_visitor={visitor}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    return request


def pages(client: httpx.Client, connections: int) -> dict[str, list[Request]]:
    """One request maker for each connection, by the name of the page."""
    category = _first(r'href="/c/([a-z-]+/[a-z-]+)"', client.get("/c/lighting").text)
    results = client.get("/search?q=lamp").text
    products = list(dict.fromkeys(re.findall(r'href="(/p/[a-z0-9-]+)"', results)))
    found = (re.findall(r'name="offer" value="(\d+)"', client.get(path).text) for path in products[:20])
    offers = [offer for values in found for offer in values[:1]]
    return {
        "home": [get("/")] * connections,
        "category": [get(f"/c/{category}")] * connections,
        "product": [get(products[number % len(products)]) for number in range(connections)],
        "search": [get("/search?q=lamp")] * connections,
        "cart add": [cart_add(f"bench-visitor-{number}", offers) for number in range(connections)],
    }


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if not found:
        raise click.ClickException(f"the shop's page has no {pattern}")
    return found[1]


def probe(port: int, request: Request) -> tuple[int, int]:
    """(body bytes as sent, database queries) of one answer."""
    head, _, body = request().partition(b"\r\n\r\n")
    method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
    headers = dict(line.decode().split(": ", 1) for line in head.split(b"\r\n")[1:])
    with (
        httpx.Client(base_url=f"http://127.0.0.1:{port}") as client,
        client.stream(method, path, headers=headers, content=body or None) as answer,
    ):
        size = sum(len(chunk) for chunk in answer.iter_raw())
        if answer.status_code >= 400:
            raise click.ClickException(f"{method} {path} answers {answer.status_code}")
        return size, int(answer.headers["x-query-count"])


async def measure(port: int, name: str, requests: list[Request], seconds: float, rounds: int) -> Figures:
    for request in requests:
        probe(port, request)  # warms caches, once for each address
    size, queries = probe(port, requests[0])
    constant = [get(f"/bench/constant/{size}")] * len(requests)
    turns: list[tuple[Tally, Tally]] = []
    for _ in range(rounds):
        turns.append((await load(port, requests, seconds), await load(port, constant, seconds)))
    mine, theirs = [turn[0] for turn in turns], [turn[1] for turn in turns]
    return Figures(
        page=name,
        requests_per_second=round(median([tally.rate for tally in mine]), 1),
        p50_ms=round(median([tally.percentile(0.5) for tally in mine]), 2),
        p99_ms=round(median([tally.percentile(0.99) for tally in mine]), 2),
        bytes=size,
        queries=queries,
        constant_requests_per_second=round(median([tally.rate for tally in theirs]), 1),
        constant_p50_ms=round(median([tally.percentile(0.5) for tally in theirs]), 2),
        ratio=round(median([a.rate / b.rate for a, b in turns]), 4),
        failures=sum(count for tally in mine for status, count in tally.statuses.items() if status >= 400),
    )


def show(console: Console, figures: list[Figures]) -> None:
    table = Table("page", "req/s", "p50 ms", "p99 ms", "bytes", "queries", "constant req/s", "ratio", "failures")
    for row in figures:
        rates = (
            f"{row.requests_per_second:,.0f}",
            f"{row.p50_ms}",
            f"{row.p99_ms}",
            f"{row.bytes:,}",
            str(row.queries),
        )
        table.add_row(
            row.page, *rates, f"{row.constant_requests_per_second:,.0f}", f"{row.ratio:.3f}", str(row.failures)
        )
    console.print(table)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the figures for programs.")
@click.option("--seconds", default=2.0, show_default=True, type=click.FloatRange(0.2, 60), help="Of each turn.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1, 20), help="Turns of each page.")
@click.option("--connections", default=8, show_default=True, type=click.IntRange(1, 256))
def main(as_json: bool, seconds: float, rounds: int, connections: int) -> None:
    """Measure home, category, product, search and cart add."""
    console = Console(stderr=True, highlight=False)
    with open_shop(console) as port:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            chosen = pages(client, connections)
        figures = []
        for name, requests in chosen.items():
            console.print(f"Measuring {name} ...")
            figures.append(asyncio.run(measure(port, name, requests, seconds, rounds)))
    if as_json:
        click.echo(json.dumps({"connections": connections, "pages": [asdict(row) for row in figures]}, indent=2))
    else:
        show(Console(highlight=False, width=110), figures)
    if any(row.failures for row in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
