"""What is always true of stock, as questions to the database whose answer is the rows for which it is not."""

from typing import NamedTuple

from app.infra.database import fetch

MOST_SHOWN = 100  # rows of one rule


class Broken(NamedTuple):
    """A row that breaks a rule, with what is odd about it."""

    rule: str
    row: dict[str, object]


# Rule -> a question for the rows that break it.
RULES = {
    "pieces are never negative, and never more held than there are": """
        SELECT id AS stock, on_hand, reserved FROM stock WHERE reserved < 0 OR reserved > on_hand""",
    "what is reserved is what is held": """
        SELECT s.id AS stock, s.reserved, coalesce(held.pieces, 0) AS held
        FROM stock s FULL JOIN (SELECT stock, sum(quantity) AS pieces FROM reservation WHERE state = 'held'
                                GROUP BY stock) held ON held.stock = s.id
        WHERE coalesce(s.reserved, 0) <> coalesce(held.pieces, 0)""",
    "every change of the pieces on hand follows from the one before": """
        SELECT stock, movement, before, expected FROM (
          SELECT stock, id AS movement, before, lag(after) OVER (PARTITION BY stock ORDER BY id) AS expected
          FROM stock_movement) AS chain
        WHERE before <> expected""",
    "the pieces on hand are what the last change left": """
        SELECT s.id AS stock, s.on_hand, last.after AS expected
        FROM (SELECT DISTINCT ON (stock) stock, after FROM stock_movement ORDER BY stock, id DESC) AS last
        LEFT JOIN stock s ON s.id = last.stock WHERE s.on_hand IS DISTINCT FROM last.after""",
    "what was sold has left the stock, once": """
        SELECT coalesce(sold.stock, left_.stock) AS stock, coalesce(sold."order", left_."order") AS "order",
               coalesce(sold.pieces, 0) AS sold, coalesce(left_.pieces, 0) AS gone
        FROM (SELECT stock, "order", sum(quantity) AS pieces FROM reservation WHERE state = 'sold'
              GROUP BY stock, "order") sold
        FULL JOIN (SELECT stock, "order", sum(before - after) AS pieces FROM stock_movement WHERE kind = 'sold'
                   GROUP BY stock, "order") left_ USING (stock, "order")
        WHERE coalesce(sold.pieces, 0) <> coalesce(left_.pieces, 0)""",
    "no more comes back than was sold": """
        SELECT stock, "order", sum(before - after) AS missing FROM stock_movement WHERE kind IN ('sold', 'returned')
        GROUP BY stock, "order" HAVING sum(before - after) < 0""",
    "nothing is held longer than a minute after its time": """
        SELECT id AS reservation, stock, "order", expires_at::text FROM reservation
        WHERE state = 'held' AND expires_at < now() - interval '1 minute'""",
}


async def broken() -> list[Broken]:
    """The rows that break a rule of stock; none in a shop that is well."""
    return [
        Broken(rule, dict(row))
        for rule, question in RULES.items()
        for row in await fetch(f"{question} LIMIT {MOST_SHOWN}")
    ]
