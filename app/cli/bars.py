"""A bar on a terminal that shows how far long work is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress


@contextmanager
def bar(words: str, console: Console) -> Iterator[Callable[[int, int], None]]:
    """To be told (done, of how many). Where nobody looks there is none."""
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task(words, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
