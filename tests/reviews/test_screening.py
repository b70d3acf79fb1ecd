"""Which words are shown at once, and which wait."""

import pytest

from app.reviews.screening import CONTACT, LINK, NOISE, RUDE, doubt


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Cheaper at https://elsewhere.example", LINK),
        ("look at WWW.elsewhere.com", LINK),
        ("elsewhere . com has it", LINK),
        ("elsewhere dot com has it", LINK),
        ("ｗｗｗ.elsewhere.ｃｏｍ", LINK),
        ("else\u200bwhere.c\u200bom", LINK),
        ("find me on Telegram", LINK),
        ("Write to ana@example.pt", CONTACT),
        ("ana (at) example . pt", CONTACT),
        ("Call +351 912 345 678", CONTACT),
        ("call 912-345-678 now", CONTACT),
        ("PT50 0002 0123 1234 5678 9015 4", CONTACT),
        ("What a piece of SHIT", RUDE),
        ("é uma mérda", RUDE),
        ("THIS IS THE WORST LAMP THAT I HAVE EVER HAD", NOISE),
        ("aaaaaaaaaaaaaaaaaaaaa", NOISE),
        ("\u202egnorw", NOISE),
        ("h" + "\u0301" * 40, NOISE),
    ],
)
def test_what_waits(text: str, reason: str) -> None:
    assert doubt("", text) == reason
    assert doubt(text[:100], "Good.") == reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Good lamp. Bought on 12.11.2026 for 48.90 and it is 46 cm tall.",
        "Fits 240 x 120 x 75 cm, order F-2611-48K7Q came in 2 days",
        "It works.It is fine.Me too.",
        "Muito bom! Recomendo. Ótimo preço, 5 estrelas",
        "I like it a lot!!! :-)",
        "OK",
        "Leeft nog. Top!",
        "Computador bom, a disputa acabou; Scunthorpe",
        "Used it at home. Works at 220 V, 50 Hz, 1000 lumen, 1 2 3",
        "很好 👍🏽 é ótimo",
    ],
)
def test_what_is_shown(text: str) -> None:
    assert doubt("", text) == ""
