"""Secrets in mails, such as the link that sets a new password: only who gets the mail reads them.

A mail's row holds them sealed, and a mark in their place in its text, so that neither operators at their desk nor a
copy of the database show them.
"""

from collections.abc import Sequence

import msgspec

from app.infra.sealing import seal, unseal

PURPOSE = b"feira secrets in mails"


def marked(text: str, secrets: Sequence[str]) -> str:
    """The text with a mark in the place of each secret."""
    for number, secret in enumerate(secrets):
        text = text.replace(secret, _mark(number))
    return text


def sealed(secrets: Sequence[str]) -> str:
    return seal(PURPOSE, msgspec.json.encode(list(secrets)).decode()) if secrets else ""


def filled(texts: Sequence[str], kept: str) -> list[str]:
    """Marked texts with the secrets in their places.

    Raises:
        CannotUnseal: SECRET_KEY is another one since.
    """
    secrets = msgspec.json.decode(unseal(PURPOSE, kept), type=list[str]) if kept else []
    found = list(texts)
    for number, secret in enumerate(secrets):
        found = [text.replace(_mark(number), secret) for text in found]
    return found


def _mark(number: int) -> str:
    return f"~only-in-the-mail-{number}~"
