"""`./feira operators`: who acts for the shop, decided on the machine that it runs on."""

import json
from collections.abc import Coroutine
from typing import Any

import click


@click.group()
def operators() -> None:
    """Who acts for the shop."""


@operators.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_operators(as_json: bool) -> None:
    """Show every account that acts for the shop."""
    from app.accounts.operators import operators as all_operators
    from app.cli.surroundings import ask

    found = ask(all_operators())
    if as_json:
        click.echo(json.dumps([{"email": each.email, "name": each.name} for each in found], indent=2))
        return
    for each in found:
        click.echo(f"{each.email}  {each.name}")
    if not found:
        click.echo("Nobody acts for the shop yet. Sign up in it, then: ./feira operators add EMAIL")


@operators.command("add")
@click.argument("email")
def add_operator(email: str) -> None:
    """Let the account of EMAIL, who has signed up in the shop, act for it."""
    from app.accounts.operators import appoint

    click.echo(f"{_done(appoint(email))} acts for the shop: its pages are at /admin.")


@operators.command("release")
@click.argument("email")
def release_operator(email: str) -> None:
    """Let the account of EMAIL be a shopper's again; what it has decided keeps its name."""
    from app.accounts.operators import release

    click.echo(f"{_done(release(email))} acts for the shop no longer.")


def _done(change: Coroutine[Any, Any, str]) -> str:
    from app.accounts.operators import NotPossible
    from app.cli.failures import CannotContinue
    from app.cli.surroundings import ask

    try:
        return ask(change)
    except NotPossible as error:
        raise CannotContinue(str(error)) from None
