"""The world that the demo shop opens in: categories, delivery, suppliers, and people who can sign in."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from app.accounts import passwords
from app.accounts.tables import Role
from app.catalog import tree
from app.demo import portugal, postcodes, spain
from app.demo.catalogue import suppliers
from app.infra.clock import now
from app.infra.database import execute, fetch_one, transaction

PASSWORD = "feira-demo"  # noqa: S105 - the demo's, printed for everybody
SHOPPER = "marta@feira.example"
OPERATOR = "operador@feira.example"
SIGN_INS = (("shopper", SHOPPER), ("supplier", "oficina-do-vale@feira.example"), ("operator", OPERATOR))

DEMO_RATES_AS_OF = date(2026, 11, 20)
# Units for one euro: plausible, and nobody's real quotation.
DEMO_RATES = {
    "AUD": "1.7710", "BRL": "6.2140", "CAD": "1.6205", "CHF": "0.9265", "CNY": "8.2030", "CZK": "24.215",
    "DKK": "7.4688", "GBP": "0.8765", "HKD": "9.0120", "HUF": "383.40", "IDR": "19330", "ILS": "3.7650",
    "INR": "103.15", "ISK": "146.90", "JPY": "179.35", "KRW": "1698.5", "MAD": "10.715", "MXN": "21.320",
    "MYR": "4.7820", "NOK": "11.735", "NZD": "2.0480", "PHP": "68.140", "PLN": "4.2385", "RON": "5.0890",
    "SEK": "10.985", "SGD": "1.5085", "THB": "37.510", "TRY": "49.820", "USD": "1.1585", "ZAR": "19.960",
}  # fmt: skip


async def prepare() -> None:
    """Bring all of it in. What is there is brought up to date, but people and suppliers stay as they are."""
    password_hash = await passwords.hashed(PASSWORD)
    async with transaction():
        await tree.bring_in()
        await _rates()
        await _taxes()
        await _warehouses()
        await _zones()
        await _lanes()
        await _suppliers()
        is_new = await fetch_one("SELECT FROM account WHERE email = $1", SHOPPER) is None
        await _accounts(password_hash)
        if is_new:
            await _addresses()


async def _rates() -> None:
    await _insert(
        """INSERT INTO exchange_rate (currency, per_unit, as_of)
           SELECT currency, per_unit::numeric, as_of
           FROM unnest($1::text[], $2::text[], $3::date[]) AS rate (currency, per_unit, as_of)
           ON CONFLICT (currency) DO UPDATE SET per_unit = excluded.per_unit, as_of = excluded.as_of""",
        ((currency, rate, DEMO_RATES_AS_OF) for currency, rate in DEMO_RATES.items()),
    )


async def _taxes() -> None:
    """Books have the reduced rate of each country; the usual one of Portugal is a setting."""
    await _insert(
        """INSERT INTO tax_rate (country, category, percent, valid_from, set_at)
           SELECT rate.country, category.id, rate.percent, rate.valid_from, rate.set_at
           FROM unnest($1::text[], $2::text[], $3::numeric[], $4::date[], $5::timestamptz[])
               AS rate (country, path, percent, valid_from, set_at) LEFT JOIN category USING (path)
           ON CONFLICT DO NOTHING""",
        (
            (country, path, percent, DEMO_RATES_AS_OF, now())
            for country, path, percent in (("PT", "books", 6), *(("ES", *rate) for rate in spain.VAT))
        ),
    )


async def _warehouses() -> None:
    await _insert(
        """INSERT INTO warehouse (code, name, place, postcode, timezone, cutoff, holiday_subdivision)
           SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::time[], $7::text[])
           ON CONFLICT (code) DO UPDATE SET name = excluded.name, place = excluded.place, postcode = excluded.postcode,
               timezone = excluded.timezone, cutoff = excluded.cutoff,
               holiday_subdivision = excluded.holiday_subdivision""",
        (
            (w.code, w.name, w.place, w.postcode, w.timezone, w.cutoff, w.holiday_subdivision)
            for w in portugal.WAREHOUSES
        ),
    )


async def _zones() -> None:
    await _insert(
        """INSERT INTO zone (code, name, holiday_subdivision, country)
           SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
           ON CONFLICT (code) DO UPDATE SET name = excluded.name, holiday_subdivision = excluded.holiday_subdivision""",
        (*((*zone, "PT") for zone in portugal.ZONES), *((*zone, "ES") for zone in spain.ZONES)),
    )
    await _insert(
        """INSERT INTO postcode_area (prefix, place, zone)
           SELECT area.prefix, area.place, zone.id
           FROM unnest($1::text[], $2::text[], $3::text[]) AS area (prefix, place, code)
           JOIN zone USING (code)
           ON CONFLICT (prefix) DO UPDATE SET place = excluded.place, zone = excluded.zone""",
        (*postcodes.areas(), *spain.areas()),
    )


async def _lanes() -> None:
    await _insert(
        """INSERT INTO service_level (code, name, position) SELECT * FROM unnest($1::text[], $2::text[], $3::smallint[])
           ON CONFLICT (code) DO UPDATE SET name = excluded.name, position = excluded.position""",
        ((code, name, position) for position, (code, name) in enumerate(portugal.LEVELS)),
    )
    await _insert(
        """INSERT INTO lane (warehouse, zone, service_level, transit_days, price_minor, free_from_minor)
           SELECT warehouse.id, zone.id, service_level.id, lane.days, lane.price, lane.free_from
           FROM unnest($1::text[], $2::text[], $3::text[], $4::smallint[], $5::int[], $6::int[])
               AS lane (warehouse, zone, level, days, price, free_from)
           JOIN warehouse ON warehouse.code = lane.warehouse
           JOIN zone ON zone.code = lane.zone
           JOIN service_level ON service_level.code = lane.level
           ON CONFLICT (warehouse, zone, service_level) DO UPDATE SET transit_days = excluded.transit_days,
               price_minor = excluded.price_minor, free_from_minor = excluded.free_from_minor""",
        (
            (lane.warehouse, lane.zone, lane.level, lane.transit_days, lane.price_minor, lane.free_from_minor)
            for lane in (*portugal.lanes(), *spain.lanes())
        ),
    )


async def _suppliers() -> None:
    await _insert(
        """INSERT INTO supplier (slug, name, place, about, default_warehouse, created_at, state)
           SELECT *, 'approved'
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
           ON CONFLICT (slug) DO NOTHING""",
        ((s.slug, s.name, s.place, s.about, s.warehouse, now()) for s in suppliers()),
    )


async def _accounts(password_hash: str) -> None:
    people = [
        (SHOPPER, "Marta Fonseca", Role.SHOPPER, None),
        (OPERATOR, "Rui Operador", Role.OPERATOR, None),
        *((f"{s.slug}@feira.example", s.name, Role.SUPPLIER, s.slug) for s in suppliers()),
    ]
    await _insert(
        """INSERT INTO account (email, password_hash, name, role, supplier, created_at, email_confirmed_at)
           SELECT person.email, person.password_hash, person.name, person.role, supplier.id, person.created_at,
                  person.created_at
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
               AS person (email, name, role, supplier, password_hash, created_at)
           LEFT JOIN supplier ON supplier.slug = person.supplier
           ON CONFLICT (email) DO NOTHING""",
        ((*person, password_hash, now()) for person in people),
    )


async def _addresses() -> None:
    """The shopper's, to choose from at checkout."""
    await execute(
        """INSERT INTO saved_address (account, name, phone, line1, line2, postcode, place, is_default, created_at)
           SELECT account.id, account.name, '', a.line1, a.line2, a.postcode, a.place, a.is_default, account.created_at
           FROM account, (VALUES ('Rua da Boavista 84', '2.º Esq.', '1200-109', 'Lisboa', true),
                                 ('Rua das Flores 12', '', '4050-262', 'Porto', false))
               AS a (line1, line2, postcode, place, is_default)
           WHERE account.email = $1""",
        SHOPPER,
    )


async def _insert(sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Run a statement over all rows at once; its parameters are their columns."""
    await execute(sql, *map(list, zip(*rows, strict=True)))
