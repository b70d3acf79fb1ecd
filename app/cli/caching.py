"""`./feira cache rebuild`."""

import asyncio
from collections.abc import Callable

from redis.exceptions import RedisError
from rich.console import Console

from app.cli.bars import bar
from app.cli.failures import CannotContinue
from app.cli.surroundings import surroundings
from app.infra import redis
from app.infra.database import connected
from app.storefront.warming import rebuild


def rebuild_cache() -> None:
    """Drop what is kept of products, and read the hot ones again.

    Raises:
        CannotContinue: Redis does not answer.
    """
    console = Console(stderr=True, highlight=False)
    with surroundings(), bar("Products read", console) as show:
        try:
            count = asyncio.run(_rebuild(show))
        except (RedisError, OSError) as error:
            raise CannotContinue(f"REDIS_URL: {error}") from error
    console.print(f"{count:,} {'product is' if count == 1 else 'products are'} in the cache again.")


async def _rebuild(show: Callable[[int, int], None]) -> int:
    async with connected():
        try:
            return await rebuild(show)
        finally:
            await redis.close()
