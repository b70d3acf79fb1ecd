"""Passwords: kept as Argon2id hashes, made and checked in threads, because that is meant to take its time."""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.accounts.common_passwords import COMMON

Result = TypeVar("Result")

SHORTEST = 10
LONGEST = 200

# 19 MiB and two passes: a twentieth of a second for us, dear for who guesses by the million.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Few threads: a crowd at the door waits for its turn, it does not fill the memory.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")


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
    return await asyncio.get_running_loop().run_in_executor(_threads, act, *values)
