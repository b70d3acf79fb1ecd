"""Passwords for suppliers' servers lie in the database sealed: a copy of it alone does not give them away."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.infra.settings import settings

PURPOSE = b"feira passwords of feed sources"  # the same secret gives every purpose a key of its own


class CannotUnseal(Exception):
    """It was sealed with another SECRET_KEY, or is damaged."""


def seal(text: str) -> str:
    """What to store of a secret; of none ("") nothing."""
    return _box().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """The secret.

    Raises:
        CannotUnseal: see there.
    """
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotUnseal from None


def _box() -> Fernet:
    return _box_of(settings().secret_key.get_secret_value())


@lru_cache(maxsize=2)
def _box_of(secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
