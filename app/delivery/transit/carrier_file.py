"""A carrier's file of parcels: CSV with a header; what is known of a parcel's way, a parcel a line.

Columns: `reference`; of a parcel that is news to us also `warehouse`, `postcode`, `service_level`, `ordered_at` and,
where known, `handling_days` and `promised_on`; then `handed_over_on`, `delivered_on` (2026-11-27) and `void` (yes: it
was cancelled).
"""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError, model_validator

from app.delivery.transit.records import Heard, Sent, note_heard, note_sent
from app.infra.clock import now

COLUMNS = (
    *("reference", "warehouse", "postcode", "service_level", "ordered_at", "handling_days", "promised_on"),
    *("handed_over_on", "delivered_on", "void"),
)
AT_ONCE = 500
_EARLIEST = date(2000, 1, 1)


class FileUnusable(Exception):
    """The file as a whole cannot be taken. The text is for people."""


def _empty_is_none(typed: Any) -> Any:
    return None if isinstance(typed, str) and not typed.strip() else typed


def _plausible(day: date | None) -> date | None:
    if day is not None and day < _EARLIEST:
        raise ValueError("is too long ago")
    return day


def _clean(text: str) -> str:
    if not text.isprintable():
        raise ValueError("has invisible characters")
    return text


Text = Annotated[str, AfterValidator(_clean)]
Day = Annotated[date | None, BeforeValidator(_empty_is_none), AfterValidator(_plausible)]


class _Line(BaseModel):
    reference: Text = Field(min_length=1, max_length=60)
    warehouse: Text = Field("", max_length=20)
    postcode: Text = Field("", max_length=16)
    service_level: Text = Field("standard", max_length=20)
    ordered_at: Annotated[datetime | None, BeforeValidator(_empty_is_none)] = None
    handling_days: Annotated[int, BeforeValidator(lambda typed: typed or 0), Field(ge=0, le=60)] = 0
    promised_on: Day = None
    handed_over_on: Day = None
    delivered_on: Day = None
    void: Annotated[bool, BeforeValidator(lambda typed: typed or False)] = False

    @model_validator(mode="after")
    def _in_order(self) -> "_Line":
        if self.delivered_on and self.handed_over_on and self.delivered_on < self.handed_over_on:
            raise ValueError("delivered_on lies before handed_over_on")
        if self.delivered_on and self.delivered_on > now().date():
            raise ValueError("delivered_on lies in the future")
        if self.ordered_at and self.delivered_on and self.delivered_on < self.ordered_at.date():
            raise ValueError("delivered_on lies before ordered_at")
        return self

    @property
    def heard(self) -> Heard:
        return Heard(self.reference, self.handed_over_on, self.delivered_on, self.void)

    def sent(self) -> Sent:
        """Raises ValueError: it does not say enough for a parcel that is news to us."""
        if not (self.warehouse and self.postcode and self.ordered_at):
            raise ValueError("no such parcel; of a new one warehouse, postcode and ordered_at are needed")
        at = self.ordered_at if self.ordered_at.tzinfo else self.ordered_at.replace(tzinfo=UTC)
        known = self.model_dump(exclude={"ordered_at", "void"})
        return Sent(**known, ordered_at=at, is_void=self.void)


class Taken(BaseModel):
    """What a file has brought. `rejected` are (line of the file, reason)."""

    new: int = 0
    heard: int = 0
    rejected: list[tuple[int, str]] = []


async def take(path: Path) -> Taken:
    """Write down what the file says; a second time changes nothing. Lines that cannot be used keep no others out.

    Raises:
        FileUnusable: it cannot be read at all, or from some line on; what came before is written down.
    """
    taken, waiting = Taken(), dict[str, tuple[int, _Line]]()
    try:
        for number, line in _lines(path, taken):
            if line.reference in waiting or len(waiting) >= AT_ONCE:
                await _write(waiting, taken)
                waiting = {}
            waiting[line.reference] = (number, line)
    finally:
        await _write(waiting, taken)
    taken.rejected.sort()
    return taken


async def _write(lines: dict[str, tuple[int, _Line]], taken: Taken) -> None:
    unknown = await note_heard([line.heard for _, line in lines.values()])
    taken.heard += len(lines) - len(unknown)
    sent = []
    for reference in unknown:
        number, line = lines[reference]
        try:
            sent.append(line.sent())
        except ValueError as error:
            taken.rejected.append((number, str(error)))
    noted = await note_sent(sent)
    taken.new += noted.new
    taken.rejected += [(lines[reference][0], reason) for reference, reason in noted.refused.items()]


def _lines(path: Path, taken: Taken) -> Iterator[tuple[int, _Line]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            if "reference" not in (reader.fieldnames or ()):
                raise FileUnusable(f"There is no column “reference” in the first line. Columns: {', '.join(COLUMNS)}")
            for row in reader:
                said = {name: row[name].strip() for name in COLUMNS if row.get(name)}
                try:
                    yield reader.line_num, _Line.model_validate(said)
                except ValidationError as invalid:
                    taken.rejected.append((reader.line_num, _reason(invalid)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileUnusable(f"{path} cannot be read: {error}") from error


def _reason(invalid: ValidationError) -> str:
    first = invalid.errors()[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else str(first["msg"]).removeprefix("Value error, ")
