"""What the commands of `./feira orders` do."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import click

from app.cli.failures import CannotContinue
from app.cli.surroundings import ask
from app.orders import months, packing, shipping
from app.orders.carrier import CarrierUnavailable
from app.orders.months import Month
from app.orders.ownership import order_numbered
from app.orders.parcels import ParcelNotReady, parcel_numbers
from app.orders.queue import ToSend, to_send
from app.orders.shipping import CodeUnusable
from app.orders.tables import ParcelState
from app.orders.tracking import follow_shipments
from app.payments.wanted import MoneyRefused

ACTOR = "command"


@dataclass(frozen=True)
class Done:
    parcel: int
    tracking: str = ""


def pack(number: str, parcel: int | None, *, as_json: bool) -> None:
    """Raises CannotContinue: nothing of it is to be packed."""

    async def one(order_id: int, number: int) -> Done:
        await packing.pack(order_id, number, ACTOR)
        return Done(number)

    _say("packed", number, ask(_each(number, parcel, ParcelState.WAITING, one)), as_json=as_json)


def ship(number: str, parcel: int | None, tracking: str, *, as_json: bool) -> None:
    """Raises CannotContinue: nothing of it is to be handed over, or the code cannot be one."""

    async def one(order_id: int, number: int) -> Done:
        return Done(number, await shipping.ship(order_id, number, ACTOR, tracking))

    _say("shipped", number, ask(_each(number, parcel, ParcelState.PACKED, one)), as_json=as_json)


async def _each(
    number: str, parcel: int | None, ready: ParcelState, act: Callable[[int, int], Awaitable[Done]]
) -> list[Done]:
    try:
        order_id = await order_numbered(number)
        parcels = [parcel] if parcel else await parcel_numbers(order_id, ready)
        if not parcels:
            raise CannotContinue(f"order {number} has no parcel that is {ready}")
        return [await act(order_id, each) for each in parcels]
    except (LookupError, ParcelNotReady, CodeUnusable) as error:
        raise CannotContinue(str(error)) from error
    except MoneyRefused as error:
        raise CannotContinue(f"{error}; nothing leaves without its money") from error
    except CarrierUnavailable as error:
        raise CannotContinue(f"the carrier does not answer ({error}); try again later") from error


def _say(verb: str, number: str, done: list[Done], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"order": number, verb: [vars(each) for each in done]}, indent=2))
        return
    for each in done:
        click.echo(f"Parcel {each.parcel} of {number} is {verb}." + (f" {each.tracking}" if each.tracking else ""))


def show_queue(warehouse: str, *, as_json: bool) -> None:
    found = ask(to_send(warehouse))
    if as_json:
        click.echo(json.dumps([_described(each) for each in found.parcels], indent=2))
        return
    for each in found.parcels:
        pieces = f"{each.pieces} piece{'' if each.pieces == 1 else 's'}"
        click.echo(f"{each.warehouse}  {each.leaves_on}  {each.state:<8}  {each.order}/{each.parcel}  {pieces}")
    if not found.parcels:
        click.echo("Nothing is to be packed or handed over.")


def _described(each: ToSend) -> dict[str, Any]:
    days = {"leaves_on": each.leaves_on.isoformat(), "promised_on": each.promised_on.isoformat()}
    return {**vars(each), **days}


def follow(*, as_json: bool) -> None:
    arrived = ask(follow_shipments())
    click.echo(json.dumps({"arrived": arrived}) if as_json else f"{arrived:,} parcels have arrived.")


def archive(older_than: int | None, *, dry_run: bool, as_json: bool) -> None:
    found = ask(months.due(older_than) if dry_run else months.archive(older_than))
    waiting = [each for each in found if each.waits_for]
    done = [each for each in found if not each.waits_for]
    if as_json:
        named = {"due" if dry_run else "archived": done, "waiting": waiting}
        click.echo(json.dumps({name: [vars(each) for each in part] for name, part in named.items()}, indent=2))
        return
    for each in done:
        verb = "would be" if dry_run else "is"
        click.echo(f"{_named(each)} {verb} archived: {each.orders:,} orders, {each.bytes / 1e6:,.1f} MB.")
    for each in waiting:
        click.echo(f"{_named(each)} waits: {each.waits_for}.")
    if not found:
        click.echo("No month is old enough.")


def _named(each: Month) -> str:
    return f"{each.month // 100}-{each.month % 100:02}" if each.month else "What is older than partitions"
