"""How fast a shopper's orders are shown, and one is placed, beside millions of others in many months.

    ./feira bench months [--orders 10000000] [--months 60] [--of-one 5000] [--json]

Orders of one parcel with one line are written by SQL, as many in each month; one shopper has `--of-one` of them, spread
over all months. Then the shop's own verbs are measured, milliseconds, median and 95th percentile. At the end the old
months are archived: how long each took, in seconds, and what it took of the disk before and after, in megabytes.
A million orders take about 1.2 GB and a minute or two.
"""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from statistics import median, quantiles
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from app.accounts.owners import Owner
from app.checkout.expiring import expire_unpaid
from app.infra.bulk import vacuum
from app.infra.clock import now
from app.infra.database import connected, execute, fetch, fetch_one, transaction, transaction_connection
from app.orders import months
from app.orders.detail import detail_of
from app.orders.listing import Asked, orders_of
from app.orders.ownership import order_numbered
from app.orders.placing import place
from app.orders.queue import to_send
from bench.orders import order_of
from bench.orders_shop import HOUSES, Stall, stall
from bench.shop import empty_shop

ROUNDS = 40
SHOPPERS = 200_000

ORDERS = """
CREATE TEMP TABLE made ON COMMIT DROP AS
SELECT $1::int * 10000000000 + n AS id, $1::int * 10000000000 + n AS parcel,
       'F-' || $1::int % 10000 || '-' || lpad(translate(upper(to_hex(n)), '01AEF', 'GHJKM'), 5, 'Z') AS number,
       gen_random_uuid() AS key,
       CASE WHEN n % ($2::int / $3::int) = 0 THEN $4::bigint ELSE $4 + 1 + (n * 7919::bigint) % $5::int END AS account,
       to_timestamp($1::text, 'YYYYMM') + n * interval '27 days' / $2::int AS at,
       (ARRAY['lamp', 'mug', 'chair', 'throw'])[1 + n % 4] AS thing,
       (ARRAY['delivered', 'delivered', 'delivered', 'cancelled', 'returned'])[1 + n % 5] AS state
FROM generate_series(1, $2::int) n"""
REST = """
INSERT INTO order_key SELECT id, number, key FROM made;
INSERT INTO shop_order (id, number, account, state, email, name, line1, postcode, place, currency, items_minor,
    delivery_minor, total_minor, vat_minor, checkout_key, request_hash, reserved_until, placed_at, paid_at, words)
SELECT id, number, account, state, 'marta@feira.example', 'Marta Fonseca', 'Rua da Boavista 84', '1200-109', 'Lisboa',
    'EUR', 1000, 390, 1390, 260, key, sha256(number::bytea), at, at, at,
    array_to_tsvector(ARRAY[order_owner(account, NULL) || ' ' || thing, order_owner(account, NULL) || ' ' || number])
FROM made;
INSERT INTO parcel (id, "order", number, supplier, warehouse, service_level, delivery_minor, promised_on, state)
SELECT parcel, made.id, 1, (SELECT min(id) FROM supplier), (SELECT min(id) FROM warehouse), 'standard', 390,
    at::date + 3,
    CASE state WHEN 'cancelled' THEN 'cancelled' ELSE 'delivered' END FROM made;
INSERT INTO order_line (parcel, offer, product_slug, sku, name, note, image, quantity, unit_price_minor, vat_percent)
SELECT parcel, (SELECT min(id) FROM offer), 'thing', 'F000001', 'A ' || thing, 'as shown', '', 1, 1000, 23 FROM made;
INSERT INTO order_move ("order", from_state, to_state, actor, moved_at)
SELECT id, before, after, 'bench', at
FROM made, (VALUES (NULL, 'pending'), ('pending', 'paid')) AS move (before, after);
INSERT INTO parcel_move (parcel, from_state, to_state, actor, note, moved_at)
SELECT parcel, before, after, 'bench', '', at
FROM made, (VALUES ('waiting', 'packed'), ('packed', 'shipped'), ('shipped', 'delivered')) AS move (before, after)"""


async def fill(orders: int, many: int, of_one: int, told: Callable[[str], None]) -> int:
    """The id of the account that has `of_one` of these orders."""
    await execute(
        """INSERT INTO account (email, password_hash, name, role, created_at)
           SELECT 'a' || n || '@x.pt', '', 'A', 'shopper', now() FROM generate_series(0, $1::int) n""",
        SHOPPERS,
    )
    first = await fetch_one("SELECT min(id) AS id FROM account")
    assert first
    last = now().year * 12 + now().month - 1
    for number in range(last - many + 1, last + 1):
        month = number // 12 * 100 + number % 12 + 1
        await fetch("SELECT make_order_month($1)", month)
        async with transaction():
            connection = transaction_connection()
            await connection.execute("SET LOCAL session_replication_role = replica")  # what is written fits together
            await connection.execute(
                ORDERS, month, orders // many, max(1, of_one // many), first["id"], SHOPPERS, timeout=600
            )
            await connection.execute(REST, timeout=1200)
        told(f"{month}: {orders // many:,} orders")
    for table in ("order_key", "parcel", *months.TABLES):
        await vacuum(table, 3600)
    await fetch("SELECT setval('shop_order_id_seq', 1000000000), setval('parcel_id_seq', 1000000000)")
    return int(first["id"])


async def timed(work: Callable[[], Awaitable[object]]) -> dict[str, float]:
    """Milliseconds of ROUNDS runs; the first ones, which fill caches, do not count."""
    taken = []
    for _ in range(ROUNDS + 10):
        began = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - began) * 1000)
    return {"p50": round(median(taken[10:]), 2), "p95": round(quantiles(taken[10:], n=20)[-1], 2)}


async def measure_verbs(owner: Owner, place_: Stall, of_one: int) -> dict[str, dict[str, float]]:
    chance = random.Random(20261128)
    rows = await fetch("SELECT number FROM shop_order WHERE account = $1 ORDER BY id DESC", owner.account)
    numbers = [row["number"] for row in rows]
    late = numbers[min(len(numbers) - 1, of_one * 9 // 10)]

    async def detail() -> None:
        await detail_of(await order_numbered(chance.choice(numbers)))

    async def a_placing() -> None:
        await place(order_of(place_, chance.sample(place_.offers, 2), HOUSES[0]))

    return {
        "list, first page": await timed(lambda: orders_of(owner)),
        "list, late page": await timed(lambda: orders_of(owner, Asked(before=late))),
        "list, one state": await timed(lambda: orders_of(owner, Asked("closed"))),
        "list, one year": await timed(lambda: orders_of(owner, Asked(year=now().year - 2))),
        "list, by words": await timed(lambda: orders_of(owner, Asked(words="lamp"))),
        "list of one with few": await timed(lambda: orders_of(Owner((owner.account or 0) + 77, None))),
        "detail by number": await timed(detail),
        "what is to be sent": await timed(to_send),
        "look for unpaid ones": await timed(expire_unpaid),
        "placing": await timed(a_placing),
    }


async def archive_all() -> dict[str, float]:
    before, began = {each.month: each.bytes for each in await months.due()}, time.perf_counter()
    done = [each for each in await months.archive() if not each.waits_for]
    taken = time.perf_counter() - began
    return {
        "months": len(done),
        "seconds a month": round(taken / max(1, len(done)), 2),
        "MB before": round(sum(before.values()) / 1e6),
        "MB after": round(sum(each.bytes for each in done) / 1e6),
    }


async def measure(orders: int, many: int, of_one: int, told: Callable[[str], None]) -> dict[str, Any]:
    async with connected(8):
        place_ = await stall(with_buckets=False)
        owner = Owner(await fill(orders, many, of_one, told), None)
        first = await measure_verbs(owner, place_, of_one)
        told("Archiving ...")
        archived = await archive_all()
        return {"before": first, "archived": archived, "after": await measure_verbs(owner, place_, of_one)}


@click.command()
@click.option("--orders", default=10_000_000, show_default=True, type=click.IntRange(min=10_000))
@click.option("--months", "many", default=60, show_default=True, type=click.IntRange(1, 240))
@click.option("--of-one", default=5_000, show_default=True, type=click.IntRange(min=100))
@click.option("--json", "as_json", is_flag=True)
def main(orders: int, many: int, of_one: int, as_json: bool) -> None:
    """How fast orders are shown and placed beside millions of others in many months."""
    console = Console(stderr=True, highlight=False)
    with empty_shop():
        found = asyncio.run(measure(orders, many, of_one, console.print))
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    table = Table("", "p50", "p95", "p50, archived", "p95", title="Milliseconds")
    for name, figures in found["before"].items():
        table.add_row(name, *(str(found[part][name][which]) for part in ("before", "after") for which in figures))
    Console(highlight=False).print(table)
    click.echo(", ".join(f"{name}: {value:,}" for name, value in found["archived"].items()))


if __name__ == "__main__":
    main()
