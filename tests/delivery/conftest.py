"""The index and its process, as in the tests of search."""

from tests.search.conftest import reindex

__all__ = ["reindex"]
