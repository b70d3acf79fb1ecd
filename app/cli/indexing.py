"""`./feira index rebuild`."""

import asyncio
from collections.abc import Callable

from rich.console import Console
from rich.progress import Progress

from app.cli.surroundings import surroundings
from app.infra.database import connected
from app.search.rebuilding import rebuild


def rebuild_index() -> None:
    """Blue/green: the shop searches the old index until the new one is complete."""
    console = Console(stderr=True, highlight=False)
    with surroundings(), Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        bar = bars.add_task("Products indexed", total=None)

        def show(done: int, total: int) -> None:
            bars.update(bar, completed=done, total=total)

        count = asyncio.run(_rebuild(show))
    console.print(f"{count:,} products are in the new index.")


async def _rebuild(show: Callable[[int, int], None]) -> int:
    async with connected():
        return await rebuild(show)
