"""What the drill of checkouts has to tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Result:
    seed: int
    checkouts: int
    strikes: dict[str, dict[str, int]] = field(default_factory=dict)  # point -> victim -> how often
    kills: dict[str, int] = field(default_factory=dict)  # at random moments
    faults: dict[str, int] = field(default_factory=dict)  # of the sandbox
    habits: dict[str, int] = field(default_factory=dict)  # of buyers
    webhooks: dict[str, int] = field(default_factory=dict)  # of the stranger
    orders: dict[str, int] = field(default_factory=dict)  # by state
    acknowledged: int = 0  # orders whose page said "paid"
    gave_up: int = 0  # buyers
    statuses: dict[int, int] = field(default_factory=dict)  # of pages; 0: no answer
    seconds: float = 0.0
    rest_seconds: float = 0.0  # from the last buyer's end until nothing is left to be done
    rested: dict[str, float] = field(default_factory=dict)  # since the last buyer's end, until there was no more ...
    overdue_seconds: float = 0.0  # the longest of a reservation after its end, once nothing was killed any more
    violations: list[str] = field(default_factory=list)


def in_words(result: Result) -> str:
    lines = [
        f"{result.checkouts:,} checkouts in {result.seconds} s.",
        f"Kills at named points: {sum(sum(victims.values()) for victims in result.strikes.values())}.",
        *(f"  {point}: {_counts(victims)}" for point, victims in result.strikes.items()),
        f"Kills at random moments: {_counts(result.kills)}.",
        f"The bank's faults: {_counts(result.faults)}.",
        f"Buyers: {_counts(result.habits)}.",
        f"A stranger's webhooks: {_counts(result.webhooks)}.",
        f"Orders: {_counts(result.orders)}; {result.acknowledged} seen as paid.",
        f"At rest after {result.rest_seconds} s (the last of each: {_counts(result.rested)}).",
        f"No reservation was held longer than {result.overdue_seconds} s beyond its end.",
    ]
    return "\n".join(
        [*lines, *(result.violations or ["Nothing is lost, nothing charged twice, and all of it adds up."])]
    )


def _counts(counts: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"
