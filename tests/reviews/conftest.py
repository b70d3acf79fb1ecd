from tests.search.conftest import reindex

__all__ = ["reindex"]
