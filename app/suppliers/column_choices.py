"""What a supplier chooses for the columns of a file: our fields in plain words, and what cannot be chosen together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.suppliers.formats import Column
from app.suppliers.formats.mapping import DICTS, IGNORED, meaning_of
from app.suppliers.formats.vocabulary import meaning

ENTRY_CHARS = 60
PRICES = ("price", "sale_price", "list_price")
UNKNOWN = "Choose one of the fields in the list"
TOO_LONG = f"Use a name of at most {ENTRY_CHARS} characters"

_SKU = ("sku", "SKU: your own number of each variant")
_FIELDS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("Needed", (_SKU, ("title", "Title of the product"), ("price", "Price"))),
    (
        "Price",
        (
            ("sale_price", "Reduced price"),
            ("list_price", "Price before, struck through"),
            ("currency", "Currency"),
            ("sale_period", "Dates of the reduced price"),
        ),
    ),
    (
        "Stock",
        (
            ("stock", "Pieces in stock"),
            ("availability", "Availability in words"),
            ("stocks", "Pieces in several warehouses (LIS: 4; OPO: 2)"),
            ("handling_days", "Working days until you hand it over"),
        ),
    ),
    (
        "About the product",
        (
            ("description", "Description"),
            ("brand", "Brand"),
            ("category", "Category"),
            ("subcategory", "Category below that"),
            ("google_category", "Google’s category"),
            ("gtin", "Barcode (EAN, UPC, ISBN)"),
            ("image", "Address of the picture"),
            ("link", "Address of your page"),
            ("note", "Short note"),
        ),
    ),
    (
        "Variants",
        (
            ("group", "What the variants of a product share"),
            ("colour", "Colour"),
            ("size", "Size"),
            ("options:", "Another choice, with a name of its own"),
            ("options", "Several choices (Colour: red; Size: M)"),
        ),
    ),
    (
        "Attributes",
        (
            ("attributes:", "An attribute, with a name of its own"),
            ("attributes", "Several attributes (Material: oak; Weight: 2 kg)"),
        ),
    ),
)
_WORDS = {value: words for _, fields in _FIELDS for value, words in fields}
_ENTRY_WORDS = {"attributes": "Attribute", "options": "Choice", "stocks": "Pieces in"}

Groups = list[tuple[str, list[tuple[str, str]]]]
"""Label → (value, words) of its fields."""


@dataclass(frozen=True)
class Choice:
    """What stands in the form for one column: `value` of the select, `entry` the free name, `target` both together
    as a mapping says it. `note` says when another column comes first."""

    column: Column
    value: str
    entry: str = ""
    note: str = ""

    @property
    def target(self) -> str:
        if not self.value.endswith(":"):
            return self.value
        return self.value + (self.entry or self.column.name[:ENTRY_CHARS])

    @property
    def is_told(self) -> bool:
        """Whether it says something else than our guess."""
        return self.target != self.column.guess


def groups(warehouses: Sequence[tuple[str, str]]) -> Groups:
    """Our fields, for a select; `warehouses` are codes and names."""
    own = [(f"stocks:{code}", f"Pieces in {name} ({code})") for code, name in warehouses]
    return [(label, [*fields, *own] if label == "Stock" else list(fields)) for label, fields in _FIELDS]


def words_of(target: str) -> str:
    """A field as people call it: "attributes:Material" → "Attribute “Material”"."""
    if target == IGNORED:
        return "Left out"
    field, _, entry = target.partition(":")
    return f"{_ENTRY_WORDS[field]} “{entry}”" if entry else _WORDS[field].partition(":")[0]


def at_first(columns: Sequence[Column], remembered: Mapping[str, str], known: Groups) -> list[Choice]:
    """What a form begins with: what was told before, else our guess."""
    values = {value for _, fields in known for value, _ in fields}
    return _noted([_choice(column, remembered.get(column.key, column.guess), values) for column in columns])


def _choice(column: Column, target: str, values: set[str]) -> Choice:
    field, _, entry = target.partition(":")
    named = bool(entry) and f"{field}:" in values
    return Choice(column, f"{field}:" if named else target, entry if named else "")


def in_form(columns: Sequence[Column], values: Mapping[str, str]) -> list[Choice]:
    """The choices that were sent, in fields c0, c1, … with the free names in n0, n1, …"""
    choices = []
    for place, column in enumerate(columns):
        sent = values.get(f"c{place}", column.guess) if column.key else column.guess
        choices.append(Choice(column, sent, values.get(f"n{place}", "") if sent.endswith(":") else ""))
    return _noted(choices)


def errors_in(choices: Sequence[Choice]) -> dict[str, str]:
    """Name of a form's field → what is wrong there."""
    errors = {}
    users = defaultdict(list)
    for place, choice in enumerate(choices):
        if len(choice.target.partition(":")[2]) > ENTRY_CHARS:
            errors[f"n{place}" if choice.entry else f"c{place}"] = TOO_LONG
        elif not _exists(choice.target):
            errors[f"c{place}"] = UNKNOWN
        elif choice.target not in (IGNORED, *DICTS):
            users[choice.target].append((place, choice))
    for target, several in users.items():
        told = [place for place, choice in several if choice.is_told]
        if len(several) > 1 and told:
            names = " and ".join(f"“{choice.column.name[:40]}”" for _, choice in several[:3])
            errors[f"c{told[-1]}"] = f"{words_of(target)}: {names} cannot both be it. Keep one, leave the other out"
    return dict(sorted(errors.items(), key=lambda error: int(error[0][1:])))


def _exists(target: str) -> bool:
    try:
        meaning_of(target)
    except ValueError:
        return False
    return True


def missing(choices: Sequence[Choice]) -> list[str]:
    """What no column is, though no product can do without it."""
    chosen = {choice.target for choice in choices}
    found = [] if "title" in chosen else ["the title"]
    return found if chosen & set(PRICES) else [*found, "the price"]


def mapping_of(choices: Sequence[Choice]) -> dict[str, str | None]:
    """column_key → field, or None where our guess holds: as `mapping.remember` takes it."""
    return {choice.column.key: choice.target if choice.is_told else None for choice in choices if choice.column.key}


def _noted(choices: list[Choice]) -> list[Choice]:
    """Of several columns that we would guess to be one field, the best named comes first."""
    best: dict[str, Choice] = {}
    for choice in choices:
        if choice.target not in (IGNORED, *DICTS):
            first = best.setdefault(choice.target, choice)
            if _rank(choice) < _rank(first):
                best[choice.target] = choice
    return [_with_note(choice, best.get(choice.target, choice)) for choice in choices]


def _rank(choice: Choice) -> int:
    found = meaning(choice.column.name)
    return -1 if choice.is_told or found is None else found.rank


def _with_note(choice: Choice, first: Choice) -> Choice:
    if first is choice or choice.is_told:
        return choice
    name = f"“{first.column.name[:40]}”"
    note = f"{name} is read instead." if choice.target == "sku" else f"Read where {name} is empty."
    return Choice(choice.column, choice.value, choice.entry, note)
