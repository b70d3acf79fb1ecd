"""Files that are certainly not feeds, known by their first bytes."""

from app.suppliers.formats.raw import FeedUnreadable

_SEND_TEXT = "Export your products as CSV, JSON or XML and upload that file."
_SAVE_AS_CSV = 'Open it in your spreadsheet program, choose "Save as" CSV, and upload that file.'
_SAVE_AS_XLSX = "Open it in your spreadsheet program, save it as .xlsx without a password, and upload that file."
_UNPACK = "Unpack it and upload the feed inside, or pack the feed alone with gzip or ZIP."

_STARTS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)", _SEND_TEXT),
    (b"\xff\xd8\xff", "a picture (JPEG)", _SEND_TEXT),
    (b"GIF87a", "a picture (GIF)", _SEND_TEXT),
    (b"GIF89a", "a picture (GIF)", _SEND_TEXT),
    (b"II*\x00", "a picture (TIFF)", _SEND_TEXT),
    (b"MM\x00*", "a picture (TIFF)", _SEND_TEXT),
    (b"%PDF-", "a PDF document", _SEND_TEXT),
    (b"BZh", "packed with bzip2", _UNPACK),
    (b"\xfd7zXZ\x00", "packed with xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"\x1f\x8b", "packed with gzip twice", "Pack it only once."),
    (b"SQLite format 3\x00", "a database (SQLite)", _SEND_TEXT),
    (b"PAR1", "a Parquet file", _SEND_TEXT),
    (b"\x7fELF", "a program", _SEND_TEXT),
    (b"MZ\x90\x00", "a program", _SEND_TEXT),
)


def refuse_other_files(sample: bytes) -> None:
    """Raises FeedUnreadable, naming what the file is, when its content is a picture, archive, document or page."""
    found = _identify(sample)
    if found is not None:
        kind, advice = found
        raise FeedUnreadable(f"This file is {kind}, not a product feed.", advice)


def _identify(sample: bytes) -> tuple[str, str] | None:
    for start, kind, advice in _STARTS:
        if sample.startswith(start):
            return kind, advice
    if sample[:4] == b"RIFF" and sample[8:12] == b"WEBP":
        return "a picture (WebP)", _SEND_TEXT
    if sample[4:8] == b"ftyp":
        return "a picture or video (HEIC, AVIF or MP4)", _SEND_TEXT
    if sample.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in sample:
            return "a workbook or document locked with a password", "Save it without a password and upload that file."
        return "an old Excel or Word document, or one locked with a password", _SAVE_AS_XLSX
    if sample.startswith(b"PK\x03\x04"):
        return _inside_zip(sample)
    head = sample[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return "a web page", "Perhaps the link leads to a sign-in page. Download the feed itself and upload it."
    if head.startswith(b"<svg") or (head.startswith(b"<?xml") and b"<svg" in head):
        return "a picture (SVG)", _SEND_TEXT
    return None


def is_workbook(sample: bytes) -> bool:
    """Whether the beginning of a ZIP archive is that of what Excel writes since 2007."""
    return sample.startswith(b"PK\x03\x04") and (b"xl/" in sample or b"[Content_Types].xml" in sample)


def _inside_zip(sample: bytes) -> tuple[str, str]:
    if is_workbook(sample):
        return "an Excel workbook (.xlsx)", _SAVE_AS_CSV
    if b"opendocument.spreadsheet" in sample:
        return "an OpenDocument spreadsheet (.ods)", _SAVE_AS_CSV
    return "a ZIP archive", _UNPACK
