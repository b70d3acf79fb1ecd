"""A drill at work in a thread, while the main thread watches over the shop: children are tied to who starts them."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from app.cli import shop

LOOK_SECONDS = 0.5


def watch_while(watch: shop.Watch, drill: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Start again what ends until the drill is over. Raises what the drill raises."""
    failures: list[BaseException] = []

    def work() -> None:
        try:
            asyncio.run(drill())
        except BaseException as error:  # noqa: BLE001 - raised again by the main thread
            failures.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(LOOK_SECONDS)
        watch.look()
    if failures:
        raise failures[0]
