"""Secrets lie in the database sealed with a key from SECRET_KEY: a copy of it alone does not give them away."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.infra.settings import settings


class CannotUnseal(Exception):
    """It was sealed with another SECRET_KEY, or is damaged."""


def seal(purpose: bytes, text: str) -> str:
    """What to store of a secret; of none ("") nothing. The same SECRET_KEY gives every purpose a key of its own."""
    return _box(purpose, settings().secret_key.get_secret_value()).encrypt(text.encode()).decode() if text else ""


def unseal(purpose: bytes, sealed: str) -> str:
    """The secret.

    Raises:
        CannotUnseal: see there.
    """
    if not sealed:
        return ""
    try:
        return _box(purpose, settings().secret_key.get_secret_value()).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotUnseal from None


@lru_cache(maxsize=4)
def _box(purpose: bytes, secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
