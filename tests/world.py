"""The named world that tests share: a market in Portugal with two warehouses, and whatever a test puts into it."""

import json
from dataclasses import dataclass

from app.catalog import tree
from app.infra.clock import now
from app.infra.database import execute, fetch, fetch_one


@dataclass(frozen=True)
class Goods:
    """A product with one variant and one offer."""

    product: int
    variant: int
    offer: int
    slug: str
    sku: str


class World:
    """Two warehouses, LIS and OPO (cut-off 15:00, no handling); zones lisboa and porto.

    One working day to the own zone, two to the other; standard €3.90, free from €50; express one day less, €7.90, and
    only to the other zone.
    """

    suppliers: dict[str, int]
    categories: dict[str, int]
    warehouses: dict[str, int]

    def __init__(self) -> None:
        self.suppliers, self.categories, self.warehouses = {}, {}, {}
        self._made = 0

    async def prepare(self) -> None:
        """In few statements, because nearly every test begins with it."""
        for row in await fetch(
            """INSERT INTO category (path, name, position, art_kind, art_form)
               SELECT path, name, position - 1, kind, form
               FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
                    WITH ORDINALITY AS made (path, name, kind, form, position)
               ORDER BY position RETURNING id, path""",
            *map(list, zip(*CATEGORIES, strict=True)),
        ):
            self.categories[row["path"]] = row["id"]
        await tree.bring_in()  # the words of those that are there
        for row in await fetch(
            """INSERT INTO warehouse (code, name, place, postcode, timezone, cutoff, handling_days, working_days,
                                      holiday_country, holiday_subdivision)
               SELECT code, place, place, postcode, 'Europe/Lisbon', '15:00', 0, '{0,1,2,3,4}', 'PT', ''
               FROM (VALUES (1, 'LIS', 'Lisboa', '1990-083'), (2, 'OPO', 'Porto', '4470-558'))
                    AS made (position, code, place, postcode)
               ORDER BY position RETURNING id, code"""
        ):
            self.warehouses[row["code"]] = row["id"]
        await self._delivery()

    async def _delivery(self) -> None:
        await execute(
            """INSERT INTO service_level (code, name, position)
               VALUES ('standard', 'To your door', 0), ('express', 'To your door, sooner', 1)"""
        )
        await execute(
            """WITH made AS (
                 INSERT INTO zone (code, name, holiday_subdivision)
                 VALUES ('lisboa', 'Lisboa', ''), ('porto', 'Porto', '') RETURNING id, name)
               INSERT INTO postcode_area (prefix, place, zone)
               SELECT CASE name WHEN 'Lisboa' THEN '1' ELSE '4' END, name, id FROM made ORDER BY id"""
        )
        await execute(
            """INSERT INTO lane (warehouse, zone, service_level, transit_days, price_minor, free_from_minor)
               SELECT w.id, z.id, s.id, days, price, free_from
               FROM (VALUES ('standard', true, 1, 390, 5000), ('standard', false, 2, 390, 5000),
                            ('express', false, 1, 790, NULL)) AS made (level, is_near, days, price, free_from)
               JOIN service_level s ON s.code = made.level CROSS JOIN zone z CROSS JOIN warehouse w
               WHERE (w.place = z.name) = is_near ORDER BY z.id, w.id, s.id"""
        )

    async def abroad(self) -> None:
        """Madrid, to which both warehouses send; VAT there is 21 %."""
        zone = await _insert("INSERT INTO zone (code, name, country) VALUES ('madrid', 'Madrid', 'ES') RETURNING id")
        await execute("INSERT INTO postcode_area (prefix, place, zone) VALUES ('ES:28', 'Madrid', $1)", zone)
        for warehouse in self.warehouses.values():
            await execute(
                """INSERT INTO lane (warehouse, zone, service_level, transit_days, price_minor)
                   SELECT $1, $2, id, 2, 890 FROM service_level WHERE code = 'standard'""",
                warehouse,
                zone,
            )
        await execute(
            "INSERT INTO tax_rate (country, percent, valid_from, set_at) VALUES ('ES', 21, '2020-01-01', $1)", now()
        )

    async def supplier(self, name: str = "Oficina do Vale") -> int:
        """The supplier of that name, made when new."""
        if name not in self.suppliers:
            self.suppliers[name] = await _insert(
                """INSERT INTO supplier (slug, name, place, about, currency, assumed_stock, default_warehouse,
                                         state, created_at)
                   VALUES ($1, $2, 'Porto', '', 'EUR', 5, 'LIS', 'approved', $3) RETURNING id""",
                name.lower().replace(" ", "-"),
                name,
                now(),
            )
        return self.suppliers[name]

    async def product(
        self,
        name: str = "Alcova desk lamp",
        *,
        price_minor: int = 4890,
        list_price_minor: int | None = None,
        stock: dict[str, int] | None = None,
        category: str = "lighting/desk-lamps",
        supplier: str = "Oficina do Vale",
        brand: str = "Oficina",
        note: str = "Bottle green, weighted base",
        options: dict[str, str] | None = None,
        attributes: dict[str, str] | None = None,
        gtin: str | None = None,
        handling_days: int = 0,
    ) -> Goods:
        """A product on sale; `stock` per warehouse, five in LIS when not given."""
        self._made += 1
        number, seller = self._made, await self.supplier(supplier)
        slug = f"{name.lower().replace(' ', '-')}-{number}"
        product = await _insert(
            """INSERT INTO product (owner, owner_key, slug, name, brand, note, description, category, attributes, image,
               version, created_at, updated_at)
               VALUES ($1, $2, $3, $4, $5, $6, 'A lamp that stays where you leave it.', $7, $8,
                       '/art/lamp-task-bottle.svg', 1, $9, $9) RETURNING id""",
            seller,
            f"G{number}",
            slug,
            name,
            brand,
            note,
            self.categories[category],
            json.dumps(attributes or {"Height": "46 cm"}),
            now(),
        )
        sku = f"F{number:06}"
        variant = await _insert(
            """INSERT INTO variant (product, sku, gtin, options, image, note)
               VALUES ($1, $2, $3, $4, '', $5) RETURNING id""",
            product,
            sku,
            gtin,
            json.dumps(options or {"Colour": "Bottle green"}),
            note,
        )
        offer = await self.offer(
            variant,
            supplier=supplier,
            price_minor=price_minor,
            list_price_minor=list_price_minor,
            stock=stock,
            handling_days=handling_days,
        )
        return Goods(product, variant, offer, slug, sku)

    async def offer(
        self,
        variant: int,
        *,
        supplier: str = "Casa Pratas",
        price_minor: int = 4650,
        list_price_minor: int | None = None,
        stock: dict[str, int] | None = None,
        handling_days: int = 0,
    ) -> int:
        """One more supplier's offer of a variant."""
        self._made += 1
        offer = await _insert(
            """INSERT INTO offer (variant, supplier, supplier_sku, price_minor, list_price_minor, source_price_minor,
               source_currency, handling_days, row_hash, feed, created_at, updated_at)
               VALUES ($1, $2, $3, $4::int, $5, $4::int, 'EUR', $6, ''::bytea, 0, $7, $7) RETURNING id""",
            variant,
            await self.supplier(supplier),
            f"SKU-{self._made}",
            price_minor,
            list_price_minor,
            handling_days,
            now(),
        )
        for code, quantity in ({"LIS": 5} if stock is None else stock).items():
            await execute(
                "INSERT INTO stock (offer, warehouse, on_hand, reserved) VALUES ($1, $2, $3, 0)",
                offer,
                self.warehouses[code],
                quantity,
            )
        return offer


CATEGORIES = (
    ("lighting", "Lighting", "lamp", "pendant"),
    ("lighting/desk-lamps", "Desk lamps", "lamp", "task"),
    ("lighting/table-lamps", "Table lamps", "lamp", "dome"),
    ("mugs-and-cups", "Mugs and cups", "mug", None),
    ("mugs-and-cups/mugs", "Mugs", "mug", None),
    ("other", "Everything else", "parcel", None),
    ("other/other-goods", "Other goods", "parcel", None),
)


async def _insert(sql: str, *values: object) -> int:
    row = await fetch_one(sql, *values)
    assert row is not None
    return int(row["id"])
