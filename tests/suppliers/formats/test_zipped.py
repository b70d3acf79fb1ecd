"""A feed that is packed in a ZIP archive, as many marketplaces hand it out."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.suppliers.formats.reading import fields_of, read, read_until_broken

FEED = "sku,title,price\n" + "".join(f"A{number},Lamp number {number * 7919},1\n" for number in range(5_000))


def packed(files: dict[str, str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


GOOD = packed({"export/": "", "export/feed.csv": FEED, "__MACOSX/export/._feed.csv": "x"})


def test_the_one_feed_in_an_archive_is_read(tmp_path: Path) -> None:
    assert len(fields_of(read(tmp_path, GOOD))) == 5_000


def test_what_came_out_before_a_damage_is_kept(tmp_path: Path) -> None:
    rows, error = read_until_broken(tmp_path, GOOD[:20_000] + bytes(50) + GOOD[20_050:])
    assert rows
    assert "damaged or incomplete" in str(error)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damage_is_said_by_whichever_method_an_archive_was_packed(tmp_path: Path, method: int) -> None:
    content = packed({"feed.csv": FEED}, method)
    middle = len(content) // 2
    _, error = read_until_broken(tmp_path, content[:middle] + bytes(50) + content[middle + 50 :])
    assert "damaged or incomplete" in str(error)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (packed({"a.csv": FEED, "b.csv": FEED}), "holds 2 files (a.csv, b.csv), not one feed"),
        (packed({f"{number}.csv": "" for number in range(3_000)}), "far more files"),
        (packed({"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}), "The Excel workbook is damaged"),
        (GOOD[:-40], "damaged or incomplete"),
        (GOOD[:9_000], "damaged or incomplete"),
        (GOOD[:4] + bytes(200), "damaged or incomplete"),
    ],
)
def test_any_other_archive_is_refused_with_its_reason(tmp_path: Path, content: bytes, said: str) -> None:
    rows, error = read_until_broken(tmp_path, content)
    assert rows == []
    assert said in str(error)
