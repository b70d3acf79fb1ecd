"""Pictures that wait to be fetched, for tests."""

from collections.abc import Sequence

from app.catalog.wanted_pictures import note_wishes, want


async def wanted(supplier: int, links: Sequence[str]) -> None:
    """As a batch wants them, and already noted."""
    await want(supplier, links)
    await note_wishes()
