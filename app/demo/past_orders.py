"""What was bought in the demo shop before today: paid orders, most of them delivered, the same each time.

They are placed, paid and moved on by the shop's own verbs while the clock stands at their moment, so that stock, money
and history add up as they do for any order. Each is one transaction and has a key of its own: a second run goes on
where the first one stopped.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from app.accounts import passwords
from app.accounts.owners import Owner
from app.checkout.settling import settle
from app.delivery.estimate import load
from app.delivery.promises import DeliveryMap
from app.delivery.transit.records import Sent, note_sent
from app.demo.goods import Baskets, Goods, on_sale
from app.demo.shoppers import MARTA, Shopper, shoppers
from app.infra import clock
from app.infra.database import execute, fetch, fetch_one, transaction
from app.infra.settings import settings
from app.orders import packing, shipping
from app.orders.placing import Placed, place, placed_before, with_vat
from app.orders.wanted import Wanted, WantedLine, WantedParcel
from app.payments import sandbox_payments
from app.payments.attempts import attempts_of, begin
from app.payments.provider import Outcome, Verdict
from app.payments.sandbox_cards import CARDS

ORDERS = 150
DAYS = 120
MARTAS = (101.3, 72.2, 47.1, 26.4, 11.2, 1.3)  # days ago
HASH = b"the demo's past orders"


@dataclass(frozen=True)
class Past:
    """One order: `number` among them all, whose, and when it was placed."""

    number: int
    shopper: Shopper
    at: datetime

    @property
    def key(self) -> UUID:
        return uuid5(NAMESPACE_URL, f"https://feira.example/demo/orders/{self.number}")


async def bring_in() -> int:
    """Bring in those that are not there; returns how many. 0 where it is not the sandbox that takes the money."""
    if settings().payment_provider != "sandbox":
        return 0
    accounts = await _accounts()
    delivery, baskets, brought = await load(), Baskets(await on_sale()), 0
    for past in planned(clock.now()):
        chosen = baskets.choose(past.shopper.likes)  # drawn for each, so that a second run draws the same
        owner = Owner(accounts[past.shopper.email], None)
        wanted = _wanted(past, owner, chosen, delivery)
        if wanted and not await placed_before(past.key, HASH, owner):
            await _bring(past, wanted, delivery)
            brought += 1
    return brought


async def are_missing() -> bool:
    """Whether this is a demo shop whose past is not all there, because its first start was cut short."""
    row = await fetch_one(
        """SELECT EXISTS (SELECT FROM account WHERE email = $1) AND NOT EXISTS
             (SELECT FROM order_key WHERE checkout_key = $2) AS missing""",
        MARTA.email,
        Past(ORDERS - 1, MARTA, clock.now()).key,
    )
    return bool(row and row["missing"] and settings().payment_provider == "sandbox")


def planned(until: datetime) -> Iterator[Past]:
    """The oldest first; the shop grows, so that more of them are of the last weeks."""
    chance, everybody = random.Random(1640), shoppers()  # noqa: S311 - the same orders each time
    others = [(DAYS * chance.random() ** 1.7 + 0.2, chance.choice(everybody[1:])) for _ in range(ORDERS - len(MARTAS))]
    ago = sorted([*others, *((days, MARTA) for days in MARTAS)], key=lambda each: -each[0])
    for number, (days, shopper) in enumerate(ago):
        yield Past(number, shopper, until - timedelta(days=days))


async def _accounts() -> dict[str, int]:
    """The id of each shopper's account by e-mail address. Nobody knows the password of those that are made here."""
    everybody = shoppers()
    made_up = await passwords.hashed(str(random.SystemRandom().getrandbits(256)))
    await execute(
        """INSERT INTO account (email, password_hash, name, role, created_at)
           SELECT email, $3, name, 'shopper', $4 FROM unnest($1::text[], $2::text[]) AS person (email, name)
           ON CONFLICT (email) DO NOTHING""",
        [each.email for each in everybody],
        [each.name for each in everybody],
        made_up,
        clock.now() - timedelta(days=DAYS),
    )
    rows = await fetch("SELECT id, email FROM account WHERE email = ANY($1)", [each.email for each in everybody])
    return {row["email"]: row["id"] for row in rows}


def _wanted(past: Past, owner: Owner, chosen: list[tuple[Goods, int]], delivery: DeliveryMap) -> Wanted | None:
    """The goods in parcels, each from the warehouse from which it came soonest; None if nothing of it is delivered."""
    place_, loads = delivery.place_of(past.shopper.postcode), dict[tuple[int, str], list[tuple[Goods, int]]]()
    for goods, quantity in chosen:
        promise = place_ and delivery.promise(list(goods.stock), goods.handling_days, place_.zone, past.at)
        if promise:
            loads.setdefault((goods.supplier, promise.warehouse), []).append((goods, quantity))
    parcels = tuple(_parcel(past, *key, lines, delivery) for key, lines in loads.items())
    return Wanted(past.key, HASH, owner, past.shopper.address, parcels) if parcels else None


def _parcel(
    past: Past, supplier: int, warehouse: str, lines: list[tuple[Goods, int]], delivery: DeliveryMap
) -> WantedParcel:
    place_ = delivery.place_of(past.shopper.postcode)
    assert place_
    worth = sum(goods.price_minor * quantity for goods, quantity in lines)
    handling = max(goods.handling_days for goods, _ in lines)
    promise = delivery.promise([warehouse], handling, place_.zone, past.at)
    assert promise
    return WantedParcel(
        supplier,
        warehouse,
        "standard",
        delivery.lane_price(warehouse, place_.zone, "standard", worth),
        promise.date,
        tuple(WantedLine(goods.offer, quantity, goods.price_minor) for goods, quantity in lines),
    )


async def _bring(past: Past, wanted: Wanted, delivery: DeliveryMap) -> None:
    async with transaction():
        with clock.frozen(past.at):
            placed = await place(await with_vat(wanted))
            await _pay(placed)
        until = past.at + timedelta(minutes=settings().reservation_minutes)
        await execute("UPDATE shop_order SET reserved_until = $2 WHERE id = $1", placed.id, until)
        await _deliver(past, placed, wanted)
        await note_sent(list(_sent(past, placed, wanted, delivery)))
        await _say_nothing(placed)


async def _pay(placed: Placed) -> None:
    (attempt,) = await attempts_of(placed.id)
    await begin(attempt, f"Order {placed.number}", f"/checkout/return/{placed.number}")
    (attempt,) = await attempts_of(placed.id)
    assert attempt.provider_reference
    await sandbox_payments.present(attempt.provider_reference, CARDS[0])
    await settle(attempt.id, Outcome(Verdict.SUCCEEDED, attempt.provider_reference, CARDS[0].method))
    await execute(
        "UPDATE sandbox_webhook SET delivered_at = $2 WHERE payload->>'reference' = $1 AND delivered_at IS NULL",
        attempt.provider_reference,
        clock.now(),
    )


async def _deliver(past: Past, placed: Placed, wanted: Wanted) -> None:
    """What was to be there before today was there on the day, by a carrier that tells us of it by files."""
    noons = {number: _noon(parcel.promised_on) for number, parcel in enumerate(wanted.parcels, start=1)}
    if max(noons.values()).date() >= clock.today():
        return
    road = min(noons.values()) - past.at
    for number in noons:
        with clock.frozen(past.at + 0.3 * road):
            await packing.pack(placed.id, number, "demo")
    for number in noons:
        with clock.frozen(past.at + 0.5 * road):
            await shipping.ship(placed.id, number, "demo", f"DEMO {past.number:03}-{number}")
    for number, noon in sorted(noons.items(), key=lambda each: each[1]):
        with clock.frozen(noon):
            await shipping.deliver(placed.id, number, "carrier’s file", noon)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), clock.shop_zone())


def _sent(past: Past, placed: Placed, wanted: Wanted, delivery: DeliveryMap) -> Iterator[Sent]:
    """The parcels as those whom transit times are learned from."""
    place_ = delivery.place_of(past.shopper.postcode)
    assert place_
    today = clock.today()
    for number, parcel in enumerate(wanted.parcels, start=1):
        ships, is_there = delivery.ships_on(parcel.warehouse, place_.zone, 0, past.at), parcel.promised_on < today
        yield Sent(
            f"{placed.number}/{number}",
            parcel.warehouse,
            past.shopper.postcode,
            parcel.service_level,
            past.at,
            promised_on=parcel.promised_on,
            handed_over_on=ships if is_there else None,
            delivered_on=parcel.promised_on if is_there else None,
        )


async def _say_nothing(placed: Placed) -> None:
    """Nobody gets mail about what happened before today."""
    await execute(
        """INSERT INTO processed (consumer, event_id, processed_at)
           SELECT 'mail', event_id, $2 FROM outbox WHERE topic = 'orders' AND key = $1 ON CONFLICT DO NOTHING""",
        placed.number,
        clock.now(),
    )
