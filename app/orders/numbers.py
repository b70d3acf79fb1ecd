"""Order numbers: the month, and five characters that nobody can guess or mistake: "F-2611-48K7Q"."""

import re
import secrets

from app.infra.clock import now, shop_zone

# Without 0 O, 1 I L, and without vowels, so that no number spells a word.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
NUMBER = re.compile(rf"F-[0-9]{{4}}-[{ALPHABET}]{{5}}")


def new_number() -> str:
    """A random number of this month; the caller tries another when it is taken."""
    return f"F-{now().astimezone(shop_zone()):%y%m}-" + "".join(secrets.choice(ALPHABET) for _ in range(5))


def number_of(typed: str) -> str:
    """The number as it is kept; "" for anything that cannot be one."""
    number = typed.upper()
    return number if NUMBER.fullmatch(number) else ""
