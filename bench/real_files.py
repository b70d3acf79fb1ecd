"""Files of real shops and catalogues, gzipped or not, and their moments as days."""

import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TextIO

import click

MIDNIGHT = datetime(2000, 1, 1, tzinfo=UTC)  # a Saturday
BROKEN = (OSError, EOFError, UnicodeDecodeError, zlib.error)  # what reading a damaged file may raise


def opened(path: Path) -> TextIO:
    """Raises OSError."""
    with path.open("rb") as file:
        is_packed = file.read(2) == b"\x1f\x8b"
    if is_packed:
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row of a CSV file with the number of its line.

    Raises:
        click.ClickException: the file cannot be read, or has not the columns.
    """
    try:
        with opened(path) as file:
            reader = csv.DictReader(file, restval="")
            if missing := [name for name in needed if name not in (reader.fieldnames or ())]:
                raise click.ClickException(f"{path} has no column {', '.join(missing)}")
            for row in reader:
                yield reader.line_num, row
    except (*BROKEN, csv.Error) as error:
        raise click.ClickException(f"{path} cannot be read: {error}") from error


def days(text: str) -> float:
    """Days since MIDNIGHT. Raises ValueError: it is no time."""
    return (datetime.fromisoformat(text.strip()).replace(tzinfo=UTC) - MIDNIGHT).total_seconds() / 86_400


def day_number(day: date) -> int:
    return (day - MIDNIGHT.date()).days


def date_of(number: float) -> date:
    return MIDNIGHT.date() + timedelta(days=int(number))
