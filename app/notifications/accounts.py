"""Mails about an account: links that prove an address or set a password, and news that its owner must hear of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from app.accounts.letters import Letter, letter_of
from app.accounts.links import LASTS, Purpose
from app.accounts.telling import News
from app.events.event import Event
from app.notifications.composing import USEFUL, Composed
from app.notifications.links import address
from app.notifications.rendering import first_name


@dataclass(frozen=True)
class Words:
    """`said` are paragraphs; `go` is what the button says; `unasked` is for who did not ask for it."""

    subject: str
    said: tuple[str, ...]
    unasked: str = ""
    go: str = ""
    path: str = ""  # where the button leads, when it is no link that was made for this mail
    useful: timedelta = USEFUL
    why: str = ""  # it comes to an address that need be no account's


async def compose(event: Event) -> Sequence[Composed]:
    letter = await letter_of(event.payload)
    if letter is None:
        return ()
    words = WORDS[letter.news](letter)
    values = {
        "words": words,
        "name": first_name(letter.name),
        "link": letter.link or (address(words.path) if words.path else ""),
        "to": letter.to,
    }
    kind = f"account_{letter.news.value}"
    secrets = parse_qs(urlsplit(letter.link).query).get("token", [])
    return [Composed(kind, letter.to, words.subject, values, secrets, words.useful, "account")]


def notice(kind: str, to: str, name: str, words: Words) -> Composed:
    """What somebody is told of a decision, in the templates of these mails."""
    link = address(words.path) if words.path else ""
    values = {"words": words, "name": first_name(name), "link": link, "to": to}
    return Composed(kind, to, words.subject, values, template="account")


def _confirm_email(_: Letter) -> Words:
    return Words(
        "Confirm your e-mail address",
        (
            "There is an account at Feira with this address now. Confirm that it is yours: orders that you placed with "
            "it as a guest then stand in your account.",
            "The link asks you to sign in, and works for seven days.",
        ),
        "You made no account? Then somebody else typed your address. Without you nothing is confirmed, and you need to "
        "do nothing.",
        "Confirm it",
        useful=LASTS[Purpose.CONFIRM],
    )


def _reset_password(_: Letter) -> Words:
    return Words(
        "Choose a new password",
        ("Somebody, you we hope, asked for a new password for your account. The link works once, within an hour.",),
        "You did not ask? Then do nothing: your password stays as it is, and nobody but you has this link.",
        "Choose a new password",
        useful=LASTS[Purpose.RESET],
    )


def _password_changed(_: Letter) -> Words:
    return Words(
        "Your password was changed",
        ("The password of your account was changed just now, and every other device was signed out.",),
        "That was not you? Choose another password at once: whoever did it loses the account with that.",
        "It was not me",
        "/password-reset",
    )


def _confirm_new_email(letter: Letter) -> Words:
    return Words(
        "Confirm your new e-mail address",
        (
            f"The account of {letter.email} shall have this address from now on. Confirm it, and sign in with it the "
            "next time. The link asks you to sign in, and works for a day.",
        ),
        "You did not ask for that? Then do nothing, and nothing changes.",
        "Confirm it",
        useful=LASTS[Purpose.MOVE],
    )


def _email_change_asked(letter: Letter) -> Words:
    return Words(
        "Another e-mail address was asked for",
        (
            f"Your account shall have the address {letter.new_email} from now on. That happens when the mail which we "
            "sent there is answered, within a day.",
        ),
        "That was not you? Somebody knows your password. Choose another one, and sign out all devices.",
        "It was not me",
        "/password-reset",
    )


def _email_changed(letter: Letter) -> Words:
    return Words(
        "Your e-mail address was changed",
        (
            f"Your account has the address {letter.email} now, and our mails go there. This is the last one to this "
            "address."
            if letter.email
            else "Your account has another address now. This is the last mail to this one.",
        ),
        "That was not you? Write to us soon, from this address: our help page says how.",
        "Help",
        "/help",
    )


def _deleted(_: Letter) -> Words:
    return Words(
        "Your account is deleted",
        (
            "Your account and what hung on it are gone: addresses, wishlists, cart, devices. What you have ordered is "
            "kept without your e-mail address and telephone number, because tax law asks for it. Reviews that were "
            "shown still are, without your name.",
            "Thank you for having been here.",
        ),
        "That was not you? Write to us soon: it cannot be undone, but we can find out how it happened.",
        "Help",
        "/help",
    )


WORDS = {
    News.CONFIRM_EMAIL: _confirm_email,
    News.RESET_PASSWORD: _reset_password,
    News.PASSWORD_CHANGED: _password_changed,
    News.CONFIRM_NEW_EMAIL: _confirm_new_email,
    News.EMAIL_CHANGE_ASKED: _email_change_asked,
    News.EMAIL_CHANGED: _email_changed,
    News.DELETED: _deleted,
}
