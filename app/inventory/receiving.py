"""Stock as suppliers' feeds give it. What is reserved stays reserved: on hand is never less.

A supplier counts without knowing what we sell at that moment. So a count is as of the moment in which his feed came in:
what was sold, or came back, since then is reckoned in. And only another count than the one he told last is news: the
same again, because a price has changed, brings back nothing that was sold.

A supplier who has restocked to exactly that number is therefore not heard before he tells another one. Nothing in a
count says whether he knows what we sold; of selling what is not there and not selling what is, the second is mended by
his next count, and the first by nobody.
"""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime

from app.catalog.offered import OfferRow
from app.infra.bulk import copy
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one

AT_ONCE = 5_000  # offers in one statement

# Of a stock that is being changed. Its row is locked, and the select in it sees the row as it was; new stock has none.
_CHANGED = "s.id, s.offer, s.on_hand AS after, (SELECT old.on_hand FROM stock old WHERE old.id = s.id) AS before"


def _written_down(kind: str, at: str) -> str:
    return f"""written AS (
      INSERT INTO stock_movement (stock, kind, before, after, moved_at)
      SELECT id, '{kind}', before, after, {at}::timestamptz FROM changed WHERE before <> after)"""  # noqa: S608


async def receive(
    supplier: int, offers: Mapping[int, OfferRow], new: Set[int] = frozenset(), counted_at: datetime | None = None
) -> set[int]:
    """Set the stock of offers from their rows, in the caller's transaction; returns the offers whose stock changed.

    A row without numbers means what we assume of the supplier, in his own warehouse, or nothing when it is sold out.

    Args:
        new: those that had no stock before, so that nobody waits for them.
        counted_at: when the rows came in; None: just now.
    """
    home = await fetch_one("SELECT assumed_stock, default_warehouse FROM supplier WHERE id = $1", supplier)
    if home is None or not offers:
        return set()
    fed = [
        (offer, warehouse, pieces)
        for offer, row in offers.items()
        for warehouse, pieces in _pieces(row, home["assumed_stock"], home["default_warehouse"]).items()
    ]
    places = {row["code"]: row["id"] for row in await fetch("SELECT id, code FROM warehouse")}
    await copy(
        "stock",
        ("offer", "warehouse", "on_hand", "reserved", "told"),
        [(offer, places[code], pieces, 0, pieces) for offer, code, pieces in fed if offer in new and code in places],
    )
    older = [offer for offer in offers if offer not in new]
    again = [each for each in fed if each[0] not in new]
    return set(new) | await _receive_again(older, again, counted_at) if older else set(new)


async def _receive_again(
    offers: Sequence[int], fed: Sequence[tuple[int, str, int]], counted_at: datetime | None
) -> set[int]:
    await _lock(offers)
    changed = await fetch(
        f"""WITH changed AS (
              INSERT INTO stock AS s (offer, warehouse, on_hand, reserved, told)
              SELECT fed.offer, w.id, greatest(fed.pieces - sold.pieces, 0), 0, fed.pieces
              FROM unnest($1::bigint[], $2::text[], $3::int[]) AS fed(offer, code, pieces) JOIN warehouse w USING (code)
              LEFT JOIN stock known ON known.offer = fed.offer AND known.warehouse = w.id
              CROSS JOIN LATERAL (
                SELECT coalesce(sum(m.before - m.after), 0)::int AS pieces FROM stock_movement m
                WHERE m.stock = known.id AND m.kind IN ('sold', 'returned') AND m.moved_at > $5::timestamptz) AS sold
              ORDER BY fed.offer, w.id
              ON CONFLICT (offer, warehouse) DO UPDATE
                SET on_hand = greatest(excluded.on_hand, s.reserved), told = excluded.told
                WHERE s.told IS DISTINCT FROM excluded.told
              RETURNING {_CHANGED}),
            {_written_down("counted", "$4")}
            SELECT offer FROM changed WHERE before IS DISTINCT FROM after""",  # noqa: S608 - only constants are put in
        [offer for offer, _, _ in fed],
        [warehouse for _, warehouse, _ in fed],
        [pieces for _, _, pieces in fed],
        now(),
        counted_at,
    )
    return {row["offer"] for row in changed} | await _clear_elsewhere(offers, fed)


async def withdraw(offers: Sequence[int]) -> None:
    """Nothing more of these offers can be bought; what is reserved still will be sent."""
    for start in range(0, len(offers), AT_ONCE):
        some = offers[start : start + AT_ONCE]
        await _lock(some)
        await execute(
            f"""WITH changed AS (UPDATE stock AS s SET on_hand = reserved, told = NULL
                                 WHERE offer = ANY($1) AND (on_hand <> reserved OR told IS NOT NULL)
                                 RETURNING {_CHANGED}),
                {_written_down("withdrawn", "$2")}
                SELECT FROM changed""",  # noqa: S608 - only constants are put in
            some,
            now(),
        )


class CountedMeanwhile(Exception):
    """There are other numbers of pieces than those that were looked at."""


class Held(Exception):
    """Fewer pieces than orders that are being paid hold of them.

    Attributes:
        held: warehouse code → pieces that are held there.
    """

    def __init__(self, held: Mapping[str, int]) -> None:
        super().__init__(dict(held))
        self.held = held


async def count(offer: int, pieces: Mapping[str, int], seen: Mapping[str, int]) -> bool:
    """Set the pieces on hand as its supplier has counted them, knowing what there was: warehouse code → pieces. Whether
    any number is another one now. In the caller's transaction.

    Raises:
        CountedMeanwhile, Held: see there.
    """
    await _lock([offer])
    rows = await fetch(
        """SELECT w.code, coalesce(s.on_hand, 0) AS on_hand, coalesce(s.reserved, 0) AS reserved
           FROM warehouse w LEFT JOIN stock s ON s.warehouse = w.id AND s.offer = $1 WHERE w.code = ANY($2)""",
        offer,
        list(pieces),
    )
    if any(row["on_hand"] != seen.get(row["code"], 0) for row in rows):
        raise CountedMeanwhile
    if held := {row["code"]: row["reserved"] for row in rows if pieces[row["code"]] < row["reserved"]}:
        raise Held(held)
    counted = {row["code"]: pieces[row["code"]] for row in rows if pieces[row["code"]] != row["on_hand"]}
    if counted:
        await execute(
            f"""WITH changed AS (
                  INSERT INTO stock AS s (offer, warehouse, on_hand, reserved, told)
                  SELECT $1, w.id, c.pieces, 0, c.pieces
                  FROM unnest($2::text[], $3::int[]) AS c(code, pieces) JOIN warehouse w USING (code) ORDER BY w.id
                  ON CONFLICT (offer, warehouse) DO UPDATE SET on_hand = excluded.on_hand, told = excluded.told
                  RETURNING {_CHANGED}),
                {_written_down("counted", "$4")}
                SELECT FROM changed""",  # noqa: S608 - only constants are put in
            offer,
            [*counted],
            [*counted.values()],
            now(),
        )
    return bool(counted)


def _pieces(row: OfferRow, assumed: int, home: str) -> dict[str, int]:
    if row.stock is not None:
        return row.stock
    return {home: assumed if row.available else 0}


async def _lock(offers: Sequence[int]) -> None:
    """In id order, as those who reserve do: nobody waits in a circle."""
    await execute("SELECT id FROM stock WHERE offer = ANY($1) ORDER BY id FOR NO KEY UPDATE", offers)


async def _clear_elsewhere(offers: Sequence[int], fed: Sequence[tuple[int, str, int]]) -> set[int]:
    """A warehouse that the row does not name any more has none left."""
    rows = await fetch(
        f"""WITH changed AS (
              UPDATE stock s SET on_hand = s.reserved, told = NULL FROM warehouse w
              WHERE w.id = s.warehouse AND s.offer = ANY($1) AND (s.on_hand <> s.reserved OR s.told IS NOT NULL)
                AND NOT EXISTS (SELECT FROM unnest($2::bigint[], $3::text[]) AS fed(offer, code)
                                WHERE fed.offer = s.offer AND fed.code = w.code)
              RETURNING {_CHANGED}),
            {_written_down("counted", "$4")}
            SELECT offer FROM changed WHERE before <> after""",  # noqa: S608 - only constants are put in
        offers,
        [offer for offer, _, _ in fed],
        [warehouse for _, warehouse, _ in fed],
        now(),
    )
    return {row["offer"] for row in rows}
