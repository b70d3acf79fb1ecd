"""`./feira index rebuild`, and the index of a new version, which `./feira migrate` prepares."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click
from rich.console import Console

from app.cli.bars import bar
from app.cli.failures import CannotContinue
from app.cli.surroundings import surroundings
from app.infra import logs
from app.infra.database import connected
from app.search.rebuilding import Progress, prepare, rebuild

Count = TypeVar("Count")


def rebuild_index(*, as_json: bool) -> None:
    """Blue/green: the shop searches the old index until the new one is complete.

    Raises:
        CannotContinue: the index cannot be written; the old one is in use as before.
    """
    with surroundings():
        count = _shown(rebuild)
    if as_json:
        click.echo(json.dumps({"products": count}))
        return
    _console().print(f"{count:,} products are in the new index.")


def prepare_index() -> None:
    """Of a version whose index has another format: while the shop goes on with the old one. Needs `surroundings`.

    Raises:
        CannotContinue: as above.
    """
    if (count := _shown(prepare)) is not None:
        _console().print(f"{count:,} products are in the index of this version.")


def _shown(build: Callable[[Progress], Awaitable[Count]]) -> Count:
    """Build with a bar that shows how far it is."""
    logs.configure()  # standard output is for the answer
    with bar("Products indexed", _console()) as show:
        try:
            return asyncio.run(_connected(build, show))
        except OSError as error:
            why = error.strerror or error
            raise CannotContinue(f"the new index cannot be written ({why}); the old one is still in use") from None


async def _connected(build: Callable[[Progress], Awaitable[Count]], show: Progress) -> Count:
    async with connected():
        return await build(show)


def _console() -> Console:
    return Console(stderr=True, highlight=False)
