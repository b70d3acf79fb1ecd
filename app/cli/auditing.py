"""`./feira audit`: what must always be true of stock, orders and money, and of what is made from PostgreSQL."""

import json
import sys
from dataclasses import dataclass, field

import click
from redis.exceptions import RedisError
from rich.console import Console

from app.checkout import auditing, payment_desk
from app.cli.bars import bar
from app.cli.surroundings import ask
from app.infra import logs, redis
from app.inventory.invariants import Broken
from app.search import auditing as index
from app.search.auditing import Compared
from app.storefront import auditing as cache

REBUILT_BY = {
    index.IS_THERE: "./feira index rebuild",
    index.IS_COMPLETE: "./feira index rebuild",
    index.IS_CLEAN: "./feira index rebuild",
    index.IS_CURRENT: "./feira index rebuild",
    cache.IS_CURRENT: "./feira cache rebuild",
}


@dataclass
class Audit:
    broken: list[Broken]
    waiting: list[Broken]  # break no rule: a person decides about them
    to_look_at: int  # things about money, at /admin/payments
    index: Compared
    cache: Compared | None = None  # None: it was not looked at, because
    cache_failure: str = ""
    heal: list[str] = field(default_factory=list)  # commands


async def look(progress: index.Progress | None = None) -> Audit:
    """Ask all of it. `progress` gets (done, of how many) products of the index.

    Raises:
        DatabaseUnavailable: PostgreSQL is away.
    """
    broken, waiting = await auditing.broken(), await auditing.waiting()
    found = Audit(broken, waiting, await payment_desk.to_look_at(), await index.compare(progress))
    found.broken += found.index.broken
    try:
        found.cache = await cache.compare()
        found.broken += found.cache.broken
    except (RedisError, OSError) as error:
        found.cache_failure = str(error) or type(error).__name__
    found.heal = sorted({REBUILT_BY[each.rule] for each in found.broken if each.rule in REBUILT_BY})
    return found


def audit(*, as_json: bool) -> None:
    """Print the rows that break a rule; exit status 1 when there is one."""
    logs.configure()  # standard output is for the answer
    console = Console(stderr=True, highlight=False)
    with bar("Products compared", console) as show:
        found = ask(_look(show))
    if as_json:
        _print_for_programs(found)
    else:
        _print(found)
    sys.exit(1 if found.broken else 0)


async def _look(show: index.Progress) -> Audit:
    try:
        return await look(show)
    finally:
        await redis.close()


def _print_for_programs(found: Audit) -> None:
    looks = {
        "is_well": not found.broken,
        "broken": [{"rule": each.rule, "row": each.row} for each in found.broken],
        "waiting": [{"what": each.rule, "row": each.row} for each in found.waiting],
        "to_look_at": found.to_look_at,
        "index": _counts(found.index),
        "cache": _counts(found.cache) if found.cache else {"not_looked_at": found.cache_failure},
        "heal": found.heal,
    }
    click.echo(json.dumps(looks, indent=2, default=str))


def _counts(compared: Compared) -> dict[str, int]:
    return {"looked_at": compared.looked, "coming": compared.coming, "broken": len(compared.broken)}


def _print(found: Audit) -> None:
    for how, rows in (("not so", found.broken), ("waits for a person", found.waiting)):
        for each in rows:
            click.echo(f"{how}: {each.rule}: {', '.join(f'{name} {value}' for name, value in each.row.items())}")
    if found.to_look_at:
        things = "thing about money waits" if found.to_look_at == 1 else "things about money wait"
        click.echo(f"{found.to_look_at:,} {things} for a person at /admin/payments.")
    if coming := found.index.coming + (found.cache.coming if found.cache else 0):
        click.echo(f"Of {coming:,} products news is still on its way to the index or the cache; they are not judged.")
    if not found.cache:
        click.echo(f"The cache was not looked at: {found.cache_failure}")
    for command in found.heal:
        click.echo(f"What is made from PostgreSQL is made anew by: {command}")
    well = "All is as it must be." if found.cache else "All else is as it must be."
    click.echo(f"{len(found.broken):,} rows break a rule." if found.broken else well)
