"""The one feed inside a ZIP archive."""

import zipfile
import zlib
from lzma import LZMAError
from typing import BinaryIO, cast

from app.suppliers.formats.raw import FeedUnreadable, excerpt

MAGIC = b"PK\x03\x04"
SAVE_AGAIN = "Open it in your spreadsheet program, save it again as .xlsx or as CSV, and upload that file."
_END_BYTES = 22 + 65_535  # the record at the end of an archive, with the longest comment
_END, _END_OF_LARGE = b"PK\x05\x06", b"PK\x06\x07"
_DIRECTORY_BYTES = 64 * 1024
_OFFICE_DIRECTORY_BYTES = 4 * 1024 * 1024  # with a picture of every product
_OFFICE_STARTS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/", b"mimetype")
_ENCRYPTED = 1
BROKEN = (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, OSError, NotImplementedError)
"""What reading a damaged archive raises, by whichever method it was packed."""

_OFFICE = ("[Content_Types].xml", "mimetype")  # spreadsheets are archives, too; they are told apart later


def damaged() -> FeedUnreadable:
    return FeedUnreadable("The ZIP archive is damaged or incomplete.", "Make it again, or send the feed unpacked.")


def damaged_workbook() -> FeedUnreadable:
    return FeedUnreadable("The Excel workbook is damaged or incomplete.", SAVE_AGAIN)


def opened_member(file: BinaryIO) -> zipfile.ZipExtFile | None:
    """The feed of an archive, or None when it is a spreadsheet. Raises FeedUnreadable: damaged, or not one feed."""
    _refuse_large_directory(file)
    try:
        archive = zipfile.ZipFile(file)
        names = [one for one in archive.infolist() if not one.is_dir() and not _is_of_system(one.filename)]
        if any(one.filename in _OFFICE or one.filename.startswith("xl/") for one in names):
            return None
        if len(names) != 1:
            held = excerpt(", ".join(one.filename for one in names[:3])) or "nothing"
            raise FeedUnreadable(
                f"The ZIP archive holds {len(names)} files ({held}), not one feed.", "Pack only the feed itself."
            )
        if names[0].flag_bits & _ENCRYPTED:
            raise FeedUnreadable("The ZIP archive is locked with a password.", "Pack the feed without one.")
        return cast(zipfile.ZipExtFile, archive.open(names[0]))
    except (*BROKEN, ValueError):
        raise damaged() from None


def _is_of_system(name: str) -> bool:
    """What a Mac packs beside the files."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def _refuse_large_directory(file: BinaryIO) -> None:
    """A directory is read as a whole, so its size must be known to be small first."""
    file.seek(30)
    is_office = file.read(64).startswith(_OFFICE_STARTS)
    most = _OFFICE_DIRECTORY_BYTES if is_office else _DIRECTORY_BYTES
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_BYTES))
    end = file.read(_END_BYTES)
    at = end.rfind(_END)
    if at < 0:
        raise damaged_workbook() if is_office else damaged()
    if int.from_bytes(end[at + 12 : at + 16], "little") > most or _END_OF_LARGE in end[:at][-20:]:
        raise FeedUnreadable("The ZIP archive holds far more files than one feed.", "Pack only the feed itself.")
