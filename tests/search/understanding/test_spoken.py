"""Words that people use are known by a file beside the index."""

from pathlib import Path

import pytest

from app.search.understanding import spoken


def test_accents_are_folded_as_in_a_query() -> None:
    assert "chavena" in spoken.spoken({"chávena"})
    assert "chavenas" not in spoken.spoken({"chávena"})


def test_the_file_holds_what_is_said_often_and_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "LANGUAGES", ("es",))
    assert not spoken.kept(tmp_path)
    (tmp_path / "spoken-0.1.npy").write_bytes(b"of another version")
    spoken.keep(tmp_path)
    words = spoken.kept(tmp_path)
    assert "zapato" in words and "lampara" in words
    assert "zapatto" not in words
    (file,) = tmp_path.iterdir()
    made = file.stat().st_mtime_ns
    spoken.keep(tmp_path)
    assert file.stat().st_mtime_ns == made


@pytest.mark.parametrize("content", [b"", b"no array", b"\x93NUMPY\x01\x00"])
def test_a_damaged_file_is_as_none(content: bytes, tmp_path: Path) -> None:
    spoken.path(tmp_path).write_bytes(content)
    assert not spoken.kept(tmp_path)
