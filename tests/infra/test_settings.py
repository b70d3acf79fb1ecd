"""Where a shop's data lies that was not told where."""

from pathlib import Path

import pytest

from app.infra.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def test_data_lies_in_the_projects_folder_from_wherever_a_shop_is_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("FEIRA_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    assert Settings().feira_data == ROOT / ".data"


def test_a_data_folder_that_is_named_counts_from_where_its_name_is_typed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FEIRA_DATA", "shop")
    monkeypatch.chdir(tmp_path)
    assert Settings().feira_data.absolute() == tmp_path / "shop"
