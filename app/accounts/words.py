"""What is said about passwords that did not match, links that are dead, and what was done too often."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.accounts.admission import WrongPassword
from app.accounts.guessing import PAUSE, Paused
from app.accounts.tries import TooMany
from app.web import forms

Result = TypeVar("Result")

_TRIES = {1: "One try", 2: "Two tries", 3: "Three tries", 4: "Four tries"}
_PAUSE_MINUTES = int(PAUSE.total_seconds() // 60)


def wrong_password(tries_left: int) -> str:
    if tries_left == 0:
        return f"That password does not match. Wait {_PAUSE_MINUTES} minutes before the next try."
    return f"That password does not match. {_TRIES[tries_left]} left before a {_PAUSE_MINUTES} minute pause."


def paused(pause: Paused) -> str:
    return f"Too many passwords did not match. Try again in {pause.minutes} minute{'s' if pause.minutes != 1 else ''}."


def too_many_here(often: TooMany) -> str:
    return f"This came too often from your network. Try again in {often.minutes}."


def mailed_enough(often: TooMany) -> str:
    return f"We have sent several mails already. Look among the junk, too, or try again in {often.minutes}."


async def beside(field: str, values: dict[str, str], verb: Callable[[], Awaitable[Result]]) -> Result:
    """What a verb that looks at a password returns; what is wrong with that is said beside `field`.

    Raises:
        Invalid: see there.
    """
    try:
        return await verb()
    except WrongPassword as wrong:
        raise forms.Invalid({field: wrong_password(wrong.tries_left)}, values) from None
    except Paused as pause:
        raise forms.Invalid({field: paused(pause)}, values) from None
