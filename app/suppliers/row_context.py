from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RowContext:
    """What a row is judged against.

    `category_of` maps a supplier's words to a path of ours (that of a department where they name one), or None; it is
    called once or twice per row, so it should remember its answers. `default_warehouse` is where a bare stock number
    lies (else the first by code).
    """

    default_currency: str
    category_of: Callable[[str], str | None]
    warehouses: frozenset[str]
    default_category: str | None
    currencies: frozenset[str]
    default_warehouse: str | None = None
    first_leaves: Mapping[str, str] = field(default_factory=dict)
    """Path of a department → that of the first category in it, for goods of which nothing nearer is known."""
    now: datetime | None = None
    """Aware. Sale prices count only inside the period that the supplier gives for them; always if None."""
    fingerprint: bytes = b""
    """Changes with everything above but `now`, and with the rules: the same raw row is judged alike under it."""
