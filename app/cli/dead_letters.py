"""`./feira dead-letters`: what consumers gave up on, and what a person does about it."""

import json
from typing import Any

import click

from app.cli.failures import CannotContinue
from app.cli.surroundings import ask
from app.events import dead_letters
from app.events.dead_letters import Letter

SHOWN = 1000
REASON_CHARS = 100


def show(consumer: str, topic: str, *, settled: bool, as_json: bool) -> None:
    """Print the newest letters, newest first."""
    found = ask(dead_letters.letters(consumer=consumer, topic=topic, settled=settled, count=SHOWN))
    if as_json:
        click.echo(json.dumps([_described(letter) for letter in found], indent=2))
        return
    for letter in found:
        when = f"{letter.created_at:%Y-%m-%d %H:%M}"
        reason = " ".join(letter.reason.split())[:REASON_CHARS]
        click.echo(f"{letter.id:>6}  {when}  {letter.state:<9}  {letter.consumer} on {letter.topic}: {reason}")
    if not found:
        click.echo("There are no dead letters." if settled else "No dead letter waits.")


def replay(letter: int | None, consumer: str, topic: str) -> None:
    """Send one letter's event again, or those of all that wait.

    Raises:
        CannotContinue: the one letter does not wait.
    """
    if letter is None:
        count = ask(dead_letters.replay_all(consumer, topic))
    else:
        count = ask(dead_letters.replay([letter]))
        if not count:
            raise CannotContinue(f"no dead letter {letter} is waiting")
    click.echo(f"{count:,} event{'' if count == 1 else 's'} will come again.")


def discard(letter: int, note: str) -> None:
    """Raises CannotContinue: the letter does not wait, or there is no usable note."""
    try:
        if not ask(dead_letters.discard(letter, note)):
            raise CannotContinue(f"no dead letter {letter} is waiting")
    except ValueError as error:
        raise CannotContinue(f"--note: {error}") from error
    click.echo(f"Dead letter {letter} is laid aside.")


def _described(letter: Letter) -> dict[str, Any]:
    """For programs."""
    names = ("id", "state", "consumer", "topic", "key", "reason", "attempts", "note")
    said = {name: getattr(letter, name) for name in names}
    return {**said, "event_id": str(letter.event_id), "created_at": letter.created_at.isoformat()}
