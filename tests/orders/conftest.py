"""An operator's browser."""

from tests.admin.conftest import desk

__all__ = ["desk"]
