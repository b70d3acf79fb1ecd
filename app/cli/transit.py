"""`./feira transit`: what is heard of parcels, and what is learned from it."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from app.cli.failures import CannotContinue
from app.cli.surroundings import ask
from app.delivery.transit import carrier_file
from app.delivery.transit.learning import learn_transit_times

SHOWN = 20


def take_file(path: Path, *, as_json: bool) -> None:
    """Raises CannotContinue: the file, or a line of it, cannot be used; what can be is written down."""
    try:
        taken = ask(carrier_file.take(path))
    except carrier_file.FileUnusable as error:
        raise CannotContinue(str(error)) from error
    if as_json:
        click.echo(taken.model_dump_json(indent=2))
    else:
        click.echo(f"{taken.new:,} new parcels, news of {taken.heard:,}.")
        for line, reason in taken.rejected[:SHOWN]:
            click.echo(f"  line {line}: {reason}", err=True)
    if taken.rejected:
        raise CannotContinue(f"{len(taken.rejected):,} lines cannot be used")


def learn(*, as_json: bool) -> None:
    lesson = ask(learn_transit_times())
    if as_json:
        click.echo(json.dumps(asdict(lesson), indent=2))
    elif lesson.lanes:
        click.echo(f"{lesson.lanes:,} lanes from {lesson.records:,} parcels; {lesson.changed:,} take other days now.")
    else:
        click.echo(f"{lesson.records:,} parcels are too few to learn from; the days set by hand stay.")
