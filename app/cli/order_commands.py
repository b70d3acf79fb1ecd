"""`./feira orders`: the commands of those who pack and hand over."""

import click

PARCEL = click.option("--parcel", type=click.IntRange(min=1), help="Only this one; else all that are ready for it.")
JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")


@click.group()
def orders() -> None:
    """Orders on their way."""


@orders.command("queue")
@click.option("--warehouse", default="", help="Only that of this code.")
@JSON
def show_queue(warehouse: str, as_json: bool) -> None:
    """List the parcels that are to be packed or handed over, the most urgent first."""
    from app.cli.orders import show_queue

    show_queue(warehouse, as_json=as_json)


@orders.command("pack")
@click.argument("number")
@PARCEL
@JSON
def pack(number: str, parcel: int | None, as_json: bool) -> None:
    """Write down that the parcels of order NUMBER are packed."""
    from app.cli.orders import pack

    pack(number, parcel, as_json=as_json)


@orders.command("ship")
@click.argument("number")
@PARCEL
@click.option("--tracking", default="", help="The tracking code of another carrier, who has taken it already.")
@JSON
def ship(number: str, parcel: int | None, tracking: str, as_json: bool) -> None:
    """Hand the packed parcels of order NUMBER over to the carrier."""
    from app.cli.orders import ship

    ship(number, parcel, tracking, as_json=as_json)


@orders.command("follow")
@JSON
def follow(as_json: bool) -> None:
    """Ask the carriers for news now, as workers do every few seconds."""
    from app.cli.orders import follow

    follow(as_json=as_json)


@orders.command("archive")
@click.option("--months", type=click.IntRange(1, 1200), help="How old a month must be; else ARCHIVE_AFTER_MONTHS.")
@click.option("--dry-run", is_flag=True, help="Only say what would be archived.")
@JSON
def archive(months: int | None, dry_run: bool, as_json: bool) -> None:
    """Archive old months in which every order is at an end, as workers do each night."""
    from app.cli.orders import archive

    archive(months, dry_run=dry_run, as_json=as_json)
