"""Real catalogues and feeds beside the repository; a test that needs one skips where there is none."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


def path(name: str) -> Path:
    """The file or folder `name` of the data sets; skips the test when it is not there."""
    found = FOLDER / name
    if not found.exists():
        pytest.skip(f"not found: shared data {name}")
    return found
