"""`./feira reconcile`: what providers say of money."""

import json
import sys
from dataclasses import asdict
from typing import Any

import click

from app.checkout import balancing, carrying_out, reconciling
from app.checkout.balancing import Balance
from app.cli.surroundings import ask
from app.infra import logs


def reconcile(days: int, *, as_json: bool) -> None:
    """Ask providers what is not known yet, send what waits, compare the books; exit status 1 if a person must look."""
    logs.configure()  # standard output is for the answer
    asked, sent, balances = ask(_reconcile(days))
    waits = [each for balance in balances for each in balance.mismatches if not each.is_mended]
    failed = [balance for balance in balances if balance.failure]
    if as_json:
        told = {"asked": asked, "sent": sent, "balances": [asdict(balance) for balance in balances]}
        click.echo(json.dumps(told, indent=2, default=str))
    else:
        click.echo(f"{asked:,} open payments asked about, {sent:,} captures and refunds sent.")
        for balance in balances:
            _say(balance)
    sys.exit(1 if waits or failed else 0)


async def _reconcile(days: int) -> tuple[int, int, list[Balance]]:
    return await reconciling.reconcile(), await carrying_out.carry_out(), await balancing.balance_all(days)


def _say(balance: Balance) -> None:
    if balance.failure:
        click.echo(f"{balance.provider}: not compared: {balance.failure}")
        return
    click.echo(f"{balance.provider}: {balance.payments:,} payments compared, {len(balance.mismatches):,} differ.")
    for each in balance.mismatches:
        where = f"order {each.order}" if each.order else each.reference
        amounts: Any = f"ours {each.ours_minor / 100:.2f}, theirs {each.theirs_minor / 100:.2f}"
        click.echo(f"  {each.kind} {where}: {amounts}. {each.done}")
