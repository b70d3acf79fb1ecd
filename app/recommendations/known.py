"""What a page asks about its shopper: by one query."""

from dataclasses import dataclass, field

from app.accounts.owners import Owner
from app.activity.choices import Choice
from app.infra.database import fetch_one
from app.recommendations.interest import Interest


@dataclass(frozen=True)
class Known:
    choice: Choice = field(default_factory=Choice)
    interest: Interest = field(default_factory=Interest)


async def known_of(owner: Owner | None) -> Known:
    """What somebody does not want, and wants; nothing is known of nobody."""
    row = owner and await fetch_one(
        """SELECT c.is_off, c.hidden, i.viewed, i.liked, i.because, i.categories
           FROM (SELECT) AS one
           LEFT JOIN personal_choice c ON c.account = $1::bigint OR c.visitor = $2::bytea
           LEFT JOIN shopper_interest i ON i.account = $1::bigint OR i.visitor = $2::bytea""",
        owner.account,
        owner.visitor,
    )
    if not row:
        return Known()
    choice = Choice(bool(row["is_off"]), frozenset(row["hidden"] or ()))
    viewed, liked, categories = (tuple(row[name] or ()) for name in ("viewed", "liked", "categories"))
    return Known(choice, Interest(viewed, liked, row["because"], categories))
