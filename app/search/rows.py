"""What the parts of a list's page are made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A line, a chip, a link: what the parts of parts/facets.html and parts/pager.html ask for."""

    label: str
    href: str = ""
    value: str = ""
    count: int | None = None
    checked: bool = False
    swatch: str = ""
    current: bool = False
    rel: str = ""


@dataclass(frozen=True)
class Group:
    """A facet: its title, the name of its field, its first rows, and those that "show all" unfolds."""

    title: str
    name: str
    rows: tuple[Row, ...]
    more: tuple[Row, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether what is folded away holds something chosen."""
        return any(row.checked for row in self.more)

    @property
    def chosen(self) -> int:
        return sum(row.checked for row in (*self.rows, *self.more))
