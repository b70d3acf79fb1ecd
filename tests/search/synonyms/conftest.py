"""Lists of synonyms as a new shop has them, before and after each test."""

import shutil
from collections.abc import Iterator

import pytest

from app.infra.settings import settings
from app.search.synonyms import current, spreading


@pytest.fixture
def lists(environment: None) -> Iterator[None]:
    _as_new()
    yield
    _as_new()


def _as_new() -> None:
    shutil.rmtree(settings().feira_data / "synonyms", ignore_errors=True)
    spreading.forget()
    current()
