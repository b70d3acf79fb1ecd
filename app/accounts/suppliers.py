"""Whether a business may sell: the states of a supplier, who moves it between them, and what it is told."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.tables import SupplierState
from app.events.outbox import publish
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction

TOPIC = "suppliers"

# State -> the states that an operator may move a supplier to.
MOVES: dict[SupplierState, tuple[SupplierState, ...]] = {
    SupplierState.APPLIED: (SupplierState.APPROVED, SupplierState.DECLINED),
    SupplierState.DECLINED: (SupplierState.APPROVED,),
    SupplierState.APPROVED: (SupplierState.SUSPENDED,),
    SupplierState.SUSPENDED: (SupplierState.APPROVED,),
}
WITH_REASON = frozenset({SupplierState.DECLINED, SupplierState.SUSPENDED})

_SENTENCES = {
    SupplierState.APPLIED: "Your application waits for our answer. You can send feeds as soon as it is approved.",
    SupplierState.DECLINED: "Your application was declined, so we take no feeds from you.",
    SupplierState.SUSPENDED: "Your selling account is suspended, so we take no feeds from you.",
}


class SupplierNotApproved(Exception):
    """The supplier may send nothing now; `sentence` tells it why."""

    def __init__(self, state: SupplierState, sentence: str) -> None:
        super().__init__(sentence)
        self.state, self.sentence = state, sentence


class DecidedBefore(Exception):
    """The supplier is no longer in the state that the operator decided on, but in `state`."""

    def __init__(self, state: SupplierState) -> None:
        super().__init__(state)
        self.state = state


@dataclass(frozen=True)
class Standing:
    """What a supplier reads about itself."""

    state: SupplierState
    reason: str  # the operator's; "" without one
    since: datetime

    @property
    def sentence(self) -> str:
        """Why it may send nothing; "" for one that may."""
        said = _SENTENCES.get(self.state, "")
        return f"{said} The reason: {self.reason}" if said and self.reason else said


async def standing_of(supplier_id: int) -> Standing:
    """Raises LookupError: there is no such supplier."""
    row = await fetch_one(
        """SELECT s.state, coalesce(d.note, '') AS reason, coalesce(d.decided_at, s.created_at) AS since
           FROM supplier s LEFT JOIN LATERAL (
             SELECT note, decided_at FROM supplier_decision WHERE supplier = s.id ORDER BY id DESC LIMIT 1) d ON true
           WHERE s.id = $1""",
        supplier_id,
    )
    if row is None:
        raise LookupError(f"no supplier {supplier_id}")
    return Standing(SupplierState(row["state"]), row["reason"], row["since"])


async def may_send(supplier_id: int) -> None:
    """Return if the supplier may send feeds and offers, by whatever way.

    Raises:
        SupplierNotApproved: see there.
        LookupError: there is no such supplier.
    """
    standing = await standing_of(supplier_id)
    if standing.state != SupplierState.APPROVED:
        raise SupplierNotApproved(standing.state, standing.sentence)


async def decide(supplier_id: int, account_id: int, seen: SupplierState, to: SupplierState, note: str) -> None:
    """Move a supplier from the state that the operator saw. The same operator's second click does nothing.

    Raises:
        ValueError: that is no move of MOVES, or it needs a note.
        DecidedBefore: somebody was quicker.
        LookupError: there is no such supplier.
    """
    if to not in MOVES[seen] or (to in WITH_REASON and not note):
        raise ValueError(f"{seen} to {to}")
    async with transaction():
        moved = await fetch_one(
            "UPDATE supplier SET state = $3 WHERE id = $1 AND state = $2 RETURNING id", supplier_id, seen, to
        )
        if moved:
            await _write_down(supplier_id, account_id, seen, to, note)
    if not moved and not await _was_by(supplier_id, account_id, seen, to):
        raise DecidedBefore((await standing_of(supplier_id)).state)


async def tell_of(supplier_id: int, state: SupplierState) -> None:
    """An event for whoever writes to suppliers, in the running transaction."""
    await publish(TOPIC, str(supplier_id), {"kind": state.value, "supplier": supplier_id, "state": state.value})


async def _write_down(supplier_id: int, account_id: int, seen: SupplierState, to: SupplierState, note: str) -> None:
    await execute(
        """INSERT INTO supplier_decision (supplier, account, from_state, to_state, note, decided_at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        supplier_id,
        account_id,
        seen,
        to,
        note,
        now(),
    )
    await tell_of(supplier_id, to)


async def _was_by(supplier_id: int, account_id: int, seen: SupplierState, to: SupplierState) -> bool:
    """Whether the last decision is this very one."""
    row = await fetch_one(
        "SELECT account, from_state, to_state FROM supplier_decision WHERE supplier = $1 ORDER BY id DESC LIMIT 1",
        supplier_id,
    )
    return row is not None and (row["account"], row["from_state"], row["to_state"]) == (account_id, seen, to)
