"""All that an operator needs to decide on a supplier."""

from dataclasses import dataclass
from typing import Any

from app.accounts.suppliers import MOVES
from app.accounts.tables import SupplierState
from app.delivery.countries import name_of
from app.delivery.postcodes import unmarked
from app.infra.database import fetch, fetch_one
from app.suppliers import progress
from app.suppliers.progress import Progress

FEEDS = 10
DECISIONS = 50


@dataclass(frozen=True)
class SupplierDetail:
    supplier: Any  # the supplier's row, with offers (on sale) and email (of its account; None without one)
    state: SupplierState
    application: Any | None  # its row, with category_names; None for one that never applied
    alike: list[Any]  # other suppliers with this VAT number or name: id, name, state, same_number
    decisions: list[Any]  # the newest first: operator, from_state, to_state, note, decided_at
    feeds: list[Progress]

    @property
    def moves(self) -> tuple[SupplierState, ...]:
        """What an operator may make of it."""
        return MOVES[self.state]

    @property
    def own_place(self) -> str:
        """From where goods leave that lie in no warehouse of ours: "28013 Madrid, Spain"; "" if they lie in one."""
        mark = self.application["ship_from_postcode"] if self.application else ""
        country, postcode = unmarked(mark)
        return f"{postcode} {self.supplier['place']}, {name_of(country)}" if mark else ""


async def detail(supplier_id: int) -> SupplierDetail:
    """Raises LookupError: there is no such supplier."""
    row = await fetch_one(
        """SELECT s.*, (SELECT count(*) FROM offer o WHERE o.supplier = s.id AND o.withdrawn_at IS NULL) AS offers,
                  (SELECT min(email) FROM account WHERE account.supplier = s.id) AS email,
                  coalesce((SELECT place FROM warehouse WHERE code = s.default_warehouse), '') AS warehouse_place
           FROM supplier s WHERE s.id = $1""",
        supplier_id,
    )
    if row is None:
        raise LookupError(f"no supplier {supplier_id}")
    return SupplierDetail(
        supplier=row,
        state=SupplierState(row["state"]),
        application=await _application(supplier_id),
        alike=await _alike(supplier_id),
        decisions=await _decisions(supplier_id),
        feeds=await progress.latest(supplier_id, FEEDS),
    )


async def _application(supplier_id: int) -> Any | None:
    return await fetch_one(
        """SELECT a.*, (SELECT coalesce(string_agg(c.name, ', ' ORDER BY c.position, c.id), '')
                        FROM category c WHERE c.path = ANY(a.sells)) AS category_names
           FROM supplier_application a WHERE a.supplier = $1""",
        supplier_id,
    )


async def _alike(supplier_id: int) -> list[Any]:
    return await fetch(
        """SELECT other.id, other.name, other.state,
                  coalesce(theirs.tax_country = mine.tax_country AND theirs.tax_number = mine.tax_number, false)
                    AS same_number
           FROM supplier s LEFT JOIN supplier_application mine ON mine.supplier = s.id
           JOIN supplier other ON other.id <> s.id
           LEFT JOIN supplier_application theirs ON theirs.supplier = other.id
           WHERE s.id = $1 AND (lower(other.name) = lower(s.name)
             OR (theirs.tax_country = mine.tax_country AND theirs.tax_number = mine.tax_number))
           ORDER BY other.id LIMIT 10""",
        supplier_id,
    )


async def _decisions(supplier_id: int) -> list[Any]:
    return await fetch(
        """SELECT a.name AS operator, d.from_state, d.to_state, d.note, d.decided_at
           FROM supplier_decision d JOIN account a ON a.id = d.account
           WHERE d.supplier = $1 ORDER BY d.id DESC LIMIT $2""",
        supplier_id,
        DECISIONS,
    )
