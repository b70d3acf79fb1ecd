"""`./feira dead-letters`: the commands of those who look after the event log."""

import click


@click.group("dead-letters")
def dead_letters() -> None:
    """Events that a consumer gave up on."""


@dead_letters.command("list")
@click.option("--consumer", default="", help="Only those of this consumer.")
@click.option("--topic", default="", help="Only those of this topic.")
@click.option("--settled", is_flag=True, help="Also those that were sent again or laid aside.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_dead_letters(consumer: str, topic: str, settled: bool, as_json: bool) -> None:
    """Show what waits, the newest first."""
    from app.cli.dead_letters import show

    show(consumer, topic, settled=settled, as_json=as_json)


@dead_letters.command("replay")
@click.argument("letter", type=click.IntRange(min=1), required=False)
@click.option("--all", "every", is_flag=True, help="All that wait.")
@click.option("--consumer", default="", help="With --all: only those of this consumer.")
@click.option("--topic", default="", help="With --all: only those of this topic.")
def replay_dead_letters(letter: int | None, every: bool, consumer: str, topic: str) -> None:
    """Send the event of LETTER again, once the cause of its failure is gone."""
    from app.cli.dead_letters import replay

    if every == (letter is not None):
        raise click.UsageError("give the number of one letter, or --all")
    if not every and (consumer or topic):
        raise click.UsageError("--consumer and --topic go with --all")
    replay(letter, consumer, topic)


@dead_letters.command("discard")
@click.argument("letter", type=click.IntRange(min=1))
@click.option("--note", required=True, help="Why it may be laid aside.")
def discard_dead_letter(letter: int, note: str) -> None:
    """Lay LETTER aside for good: its event will have no effect."""
    from app.cli.dead_letters import discard

    discard(letter, note)
