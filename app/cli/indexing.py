"""`./feira index rebuild`."""

import asyncio
import json
from collections.abc import Callable

import click
from rich.console import Console
from rich.progress import Progress

from app.cli.failures import CannotContinue
from app.cli.surroundings import surroundings
from app.infra import logs
from app.infra.database import connected
from app.search.rebuilding import rebuild


def rebuild_index(*, as_json: bool) -> None:
    """Blue/green: the shop searches the old index until the new one is complete.

    Raises:
        CannotContinue: the index cannot be written; the old one is in use as before.
    """
    logs.configure()  # standard output is for the answer
    console = Console(stderr=True, highlight=False)
    with surroundings(), Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task("Products indexed", total=None)

        def show(done: int, total: int) -> None:
            bars.update(bar, completed=done, total=total)

        try:
            count = asyncio.run(_rebuild(show))
        except OSError as error:
            why = error.strerror or error
            raise CannotContinue(f"the new index cannot be written ({why}); the old one is still in use") from None
    if as_json:
        click.echo(json.dumps({"products": count}))
        return
    console.print(f"{count:,} products are in the new index.")


async def _rebuild(show: Callable[[int, int], None]) -> int:
    async with connected():
        return await rebuild(show)
