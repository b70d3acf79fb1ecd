"""A stranger whom requests may reach."""

from collections.abc import AsyncIterator

import pytest

from app.infra.settings import settings
from tests.infra.stranger import Stranger, stranger


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stranger]:
    """A stranger that may be reached, although it is on this machine."""
    async with stranger() as made:
        monkeypatch.setattr(settings(), "outward_allow", f"127.0.0.1:{made.port}, feed.example:{made.port}")
        yield made
