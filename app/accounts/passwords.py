"""Passwords: kept as Argon2id hashes, made and checked in threads, because that is meant to take its time.

What may be chosen follows NIST SP 800-63B: length counts, no rules of composition, no change without a cause, nothing
that guessers try first or that the account itself says. Ten characters, not the fifteen that it wants where nothing
but a password is asked for: guesses are slowed down here (guessing.py), and no card is stored.
"""

import asyncio
import re
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from litestar.exceptions import ServiceUnavailableException

from app.accounts.common_passwords import COMMON

Result = TypeVar("Result")

SHORTEST = 10
LONGEST = 200
TOLD_CHARACTERS = 3  # of a word of the name or the address, from which on it is looked for in a password
OWN_CHARACTERS = 6  # that must be left of a password without those words
MOST_WAITING = 64  # each waits for a twentieth of a second of work: more than a browser would wait for

# 19 MiB and two passes: a twentieth of a second for us, dear for who guesses by the million.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Few threads: a crowd at the door waits for its turn, it does not fill the memory.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")
_waiting = 0


class Crowded(ServiceUnavailableException):
    """So many passwords wait to be looked at that this one is not."""

    detail = "Many people are signing in at this moment. Wait a few seconds and send the form again."


async def hashed(password: str) -> str:
    return await _in_thread(_hasher.hash, _normal(password))


async def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is the hash's; as much work for None (nobody has that address) as for a hash."""
    return await _in_thread(_matches, _normal(password), password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def acceptable(password: str) -> str:
    """The password, if it may be chosen.

    Raises:
        ValueError: with a sentence that says what to do.
    """
    if len(password) < SHORTEST:
        raise ValueError(f"Use at least {SHORTEST} characters")
    if len(password) > LONGEST:
        raise ValueError(f"Use at most {LONGEST} characters")
    if password.casefold() in COMMON or len(set(password.casefold())) < 4:
        raise ValueError("This password is one of the first that others would guess. Choose another one")
    return password


def unlike(password: str, email: str, name: str) -> str:
    """The password, if it is more than the account's own e-mail address and name.

    Raises:
        ValueError: with a sentence that says what to do.
    """
    left = password.casefold()
    told = (email, *re.split(r"[^\w]+", f"{email} {name} feira".casefold()))
    for word in sorted(set(told), key=len, reverse=True):
        if len(word) >= TOLD_CHARACTERS:
            left = left.replace(word, "")
    if left != password.casefold() and len(left) < OWN_CHARACTERS:
        raise ValueError("This password is little more than your name or address. Choose another one")
    return password


def _matches(password: str, password_hash: str | None) -> bool:
    try:
        return _hasher.verify(password_hash or _nobodys_hash(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody")


def _normal(password: str) -> str:
    """The same letters on every keyboard: an é may be one code point or two."""
    return unicodedata.normalize("NFKC", password)


async def _in_thread(act: Callable[..., Result], *values: str | None) -> Result:
    """Raises Crowded: see there."""
    global _waiting
    if _waiting >= MOST_WAITING:
        raise Crowded
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, act, *values)
    finally:
        _waiting -= 1
