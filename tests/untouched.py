"""Whether somebody who asked for what is others' has read or changed any of it."""

from typing import Any

from app.infra.database import fetch
from app.web.visitors import hash_token
from tests.market import Market, one


def shown_of_others(market: Market, who: str, asked: str, answer: Any) -> list[str]:
    """What stands in an answer that is not for these eyes; what was in the question may be said again."""
    told = f"{answer.headers} {answer.text}"
    return [
        secret
        for secret, allowed in market.secrets.items()
        if who not in allowed and secret in told and secret not in asked
    ]


def forged(market: Market) -> dict[str, str]:
    """Everything in it is somebody else's, and every price is too low."""
    objects = market.objects
    return {
        "saved": objects["saved address"],
        "entry": objects["entry"],
        "list": objects["wishlist of guest"],
        "line": objects["line"],
        "number": objects["order of guest"],
        "email": "somebody@elsewhere.example",
        "account": str(market.accounts["shopper"]),
        "visitor": "guest",
        "supplier": objects["business"],
        "offer": str(market.lamp.offer),
        "quantity": "1",
        "remove": "1",
        "price": "1",
        "price_minor": "1",
        "unit_price_minor": "1",
        "total": "1",
        "delivery_minor": "0",
    }


OWNED = {
    "guest": {
        "cart_line": "SELECT l.* FROM cart_line l JOIN cart c ON c.id = l.cart WHERE c.visitor = $1",
        "aside_line": "SELECT l.* FROM aside_line l JOIN cart c ON c.id = l.cart WHERE c.visitor = $1",
        "wishlist": "SELECT * FROM wishlist WHERE visitor = $1",
        "wishlist_entry": "SELECT e.* FROM wishlist_entry e JOIN wishlist w ON w.id = e.wishlist WHERE w.visitor = $1",
        "shop_order": "SELECT * FROM shop_order WHERE visitor = $1",
        "order_line": """SELECT l.* FROM order_line l JOIN parcel p ON p.id = l.parcel
                         JOIN shop_order o ON o.id = p."order" WHERE o.visitor = $1""",
        "order_return": 'SELECT r.* FROM order_return r JOIN shop_order o ON o.id = r."order" WHERE o.visitor = $1',
    },
    "shopper": {
        "account": "SELECT * FROM account WHERE id = $1",
        "session": "SELECT id, account, token_hash FROM session WHERE account = $1",
        "saved_address": "SELECT * FROM saved_address WHERE account = $1",
        "shop_order of shopper": "SELECT * FROM shop_order WHERE account = $1",
        "order_return of shopper": """SELECT r.* FROM order_return r JOIN shop_order o ON o.id = r."order"
                                      WHERE o.account = $1""",
    },
    "supplier": {
        "offer": "SELECT o.* FROM offer o JOIN account a ON a.supplier = o.supplier WHERE a.id = $1",
        "api_key": "SELECT k.* FROM api_key k JOIN account a ON a.supplier = k.supplier WHERE a.id = $1",
        "feed": "SELECT f.* FROM feed f JOIN account a ON a.supplier = f.supplier WHERE a.id = $1",
        "source": "SELECT f.* FROM feed_source f JOIN account a ON a.supplier = f.supplier WHERE a.id = $1",
    },
}


MAY_CHANGE = {
    "guest": {"guest", "reader", "operator"},
    "shopper": {"shopper", "operator"},
    "supplier": {"supplier", "operator"},
}


async def written() -> int:
    """Who writes has a transaction with a number; this is the first that nobody has had."""
    return int(await one("SELECT pg_snapshot_xmax(pg_current_snapshot())::text"))


class Looked:
    """What was looked at, and when."""

    at: int
    rows: dict[str, Any]

    async def look(self) -> dict[str, Any]:
        """Table -> what is in it now."""
        raise NotImplementedError

    async def changed(self) -> list[str]:
        """Names of tables, since the last look. Where nobody has written there is nothing to look at."""
        if (at := await written()) == self.at:
            return []
        self.at, before, self.rows = at, self.rows, await self.look()
        return [name for name, rows in self.rows.items() if before.get(name) != rows]


class Belongings(Looked):
    """Whether anything of others was changed since the beginning."""

    @classmethod
    async def begin(cls, market: Market, who: str) -> "Belongings":
        made = cls()
        made.market, made.who = market, who
        made.at, made.rows = await written(), await made.look()
        return made

    market: Market
    who: str

    async def look(self) -> dict[str, Any]:
        """Table -> the rows in it that others own."""
        return {
            name: await fetch(
                f"SELECT found::text FROM ({question}) AS found ORDER BY 1",
                hash_token(owner) if owner == "guest" else self.market.accounts[owner],
            )
            for owner, questions in OWNED.items()
            for name, question in questions.items()
            if self.who not in MAY_CHANGE[owner]
        }


class Untouched(Looked):
    """Whether anything was written since the beginning, whatever it is."""

    # of the shop itself, whoever asks
    BUT = ("session", "activity", "migration")
    DIGEST = """SELECT '{table}' AS name, md5(string_agg(t::text, ' ' ORDER BY t::text)) AS digest FROM "{table}" t"""

    @classmethod
    async def begin(cls) -> "Untouched":
        tables = await fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL($1)", cls.BUT
        )
        made = cls()
        made.question = " UNION ALL ".join(cls.DIGEST.format(table=row["tablename"]) for row in tables)
        made.at, made.rows = await written(), await made.look()
        return made

    question: str

    async def look(self) -> dict[str, str]:
        return {row["name"]: row["digest"] for row in await fetch(self.question)}
