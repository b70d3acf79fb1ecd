"""What a page asks about its shopper: by one statement, which another one can hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from app.accounts.owners import Owner
from app.activity.choices import Choice
from app.infra.database import fetch_one
from app.recommendations.interest import Interest
from app.recommendations.tables import ListKind

# $1 account, $2 visitor, $3 the product that their browser looked at last. The list of what goes with one product is of
# the one that says most: `Interest.because`, else the last look.
KNOWN = """
SELECT coalesce(c.is_off, false) AS is_off, coalesce(c.hidden, '{}') AS hidden, coalesce(i.viewed, '{}') AS viewed,
       coalesce(i.liked, '{}') AS liked, i.because, coalesce(i.categories, '{}') AS categories,
       (SELECT coalesce(jsonb_object_agg(list.kind, list.products), '{}')
        FROM (VALUES ('again', $1::bigint), ('for_you', $1::bigint),
                     ('together', coalesce(i.because, $3::bigint, i.viewed[1]))) AS wanted (kind, subject)
        JOIN recommended_list AS list ON list.kind = wanted.kind AND list.subject = wanted.subject) AS lists
FROM (SELECT) AS one
LEFT JOIN personal_choice c ON c.account = $1::bigint OR c.visitor = $2::bytea
LEFT JOIN shopper_interest i ON i.account = $1::bigint OR i.visitor = $2::bytea"""


@dataclass(frozen=True)
class Known:
    """What somebody does not want, and wants; `lists` are products (ids), the best first."""

    choice: Choice = field(default_factory=Choice)
    interest: Interest = field(default_factory=Interest)
    lists: Mapping[ListKind, tuple[int, ...]] = field(default_factory=dict)


class KnownRow(msgspec.Struct, frozen=True):
    """A row of KNOWN."""

    is_off: bool
    hidden: frozenset[str]
    viewed: tuple[int, ...]
    liked: tuple[int, ...]
    because: int | None
    categories: tuple[str, ...]
    lists: dict[ListKind, tuple[int, ...]]

    @property
    def known(self) -> Known:
        interest = Interest(self.viewed, self.liked, self.because, self.categories)
        return Known(Choice(self.is_off, self.hidden), interest, self.lists)


async def known_of(owner: Owner | None) -> Known:
    """Nothing is known of nobody."""
    row = owner and await fetch_one(
        f"SELECT to_jsonb(known)::text AS found FROM ({KNOWN}) AS known",  # noqa: S608 - a constant
        owner.account,
        owner.visitor,
        None,
    )
    return msgspec.json.decode(row["found"], type=KnownRow).known if row else Known()
