"""Headers, and what strangers' words do in them: nothing."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from app.notifications.message import message_of
from app.notifications.rendering import _plain, first_name, one_line, subject
from tests.notifications.receiving import Mailbox

NOW = datetime(2026, 11, 28, 6, tzinfo=UTC)


def made(recipient: str = "ana@feira.example", about: str = "Your order", unsubscribe: str = "") -> EmailMessage:
    return message_of(recipient, about, "<p>Olá</p>", "Olá\n", "<1@feira.example>", NOW, unsubscribe)


@pytest.mark.parametrize(
    "recipient", ["", "ana", "ana@feira.example\r\nBcc: x@feira.example", "a@b@c", "<>", "\x00@x.pt"]
)
def test_what_is_no_address_gets_no_mail(mailbox: Mailbox, recipient: str) -> None:
    with pytest.raises(ValueError):
        made(recipient)


def test_a_subject_is_one_line(mailbox: Mailbox) -> None:
    hostile = subject("Lamp\r\nBcc: everybody@feira.example\x00\u202e is " + "long " * 90)
    message = made(about=hostile)
    assert message["Bcc"] is None
    assert len(hostile) <= 150
    assert b"\nBcc" not in message.as_bytes()
    with pytest.raises(ValueError):
        made(about="Lamp\r\nBcc: everybody@feira.example")


def test_a_domain_travels_in_ascii(mailbox: Mailbox) -> None:
    assert made("ana@bücher.example")["To"] == "ana@xn--bcher-kva.example"


def test_one_click_ends_mails_that_nobody_has_to_get(mailbox: Mailbox) -> None:
    message = made(unsubscribe="https://feira.example/mails/off?token=x")
    assert message["List-Unsubscribe"] == "<https://feira.example/mails/off?token=x>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert made()["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Marta Fonseca", "Marta"),
        ("João-Pedro d’Almeida", "João-Pedro"),
        ("J. P. Sá", ""),
        ("Prof. Dr. Ana Lopes", "Ana"),
        ("Dra.", ""),
        ("प्रिया शर्मा", "प्रिया"),
        ("Jose\u0301 Lopes", "José"),
        ("A" + "\u0301\u0302\u0303" * 9, ""),
        ("Ωμέγα", "Ωμέγα"),
        ("win at evil.example", ""),
        ("http://evil.example", ""),
        ("call +351 912", ""),
        ("<b>Ana</b>", ""),
        ("A" * 61, ""),
        ("", ""),
    ],
)
def test_a_stranger_is_greeted_by_names_only(name: str, greeted: str) -> None:
    assert first_name(name) == greeted


def test_a_value_in_the_text_that_is_written_from_right_to_left_keeps_to_itself() -> None:
    assert _plain("قلم 12") == "\u2068قلم 12\u2069"
    assert _plain("Pen 12") == "Pen 12"
    assert _plain("\u202eقلم\u2069") == "\u2068قلم\u2069"


def test_a_value_is_one_line() -> None:
    assert one_line("a\r\n\tb\x00c\u2028d\u202ee") == "a b c d e"
