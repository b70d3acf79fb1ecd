"""What is said about passwords that did not match."""

from app.accounts.guessing import PAUSE, Paused

_TRIES = {1: "One try", 2: "Two tries", 3: "Three tries", 4: "Four tries"}
_PAUSE_MINUTES = int(PAUSE.total_seconds() // 60)


def wrong_password(tries_left: int) -> str:
    if tries_left == 0:
        return f"That password does not match. Wait {_PAUSE_MINUTES} minutes before the next try."
    return f"That password does not match. {_TRIES[tries_left]} left before a {_PAUSE_MINUTES} minute pause."


def paused(pause: Paused) -> str:
    return f"Too many passwords did not match. Try again in {pause.minutes} minute{'s' if pause.minutes != 1 else ''}."
