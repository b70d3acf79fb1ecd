"""Passwords for suppliers' servers lie in the database sealed: a copy of it alone does not give them away."""

from app.infra import sealing
from app.infra.sealing import CannotUnseal

__all__ = ["CannotUnseal", "seal", "unseal"]

PURPOSE = b"feira passwords of feed sources"


def seal(text: str) -> str:
    """What to store of a secret; of none ("") nothing."""
    return sealing.seal(PURPOSE, text)


def unseal(sealed: str) -> str:
    """The secret.

    Raises:
        CannotUnseal: see there.
    """
    return sealing.unseal(PURPOSE, sealed)
