"""A mail's two bodies from its templates. Names and titles in it are strangers' words, and stay words."""

import re
import unicodedata
from functools import cache
from typing import Any

from jinja2 import Environment

from app.accounts.names import JOINERS, bare, given_name
from app.infra.settings import settings
from app.notifications.composing import Composed
from app.web.rendering import environment

SUBJECT_CHARS = 150

# Whoever signs up with a stranger's address chooses how that stranger is greeted: by a name, not by an advertisement.
_NAME = re.compile(r"[^\W\d_]+(?:[ .'’-]{1,2}[^\W\d_]+)*\.?")
_LIKE_ADDRESS = re.compile(r"\w\.\w{2}")
_NAME_CHARS = 60


def rendered(mail: Composed) -> tuple[str, str]:
    """HTML and text."""
    values = {**mail.values, "subject": subject(mail.subject), "shop": settings().public_url}
    name = mail.template or mail.kind
    html = _html().get_template(f"mails/{name}.html").render(values)
    text = _text().get_template(f"mails/{name}.txt").render(values)
    return html, re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def subject(text: str) -> str:
    """One line that says what it seems to say: no line breaks, nothing that turns the direction of writing."""
    line = one_line(text)
    return line if len(line) <= SUBJECT_CHARS else line[: SUBJECT_CHARS - 1].rstrip() + "…"


def one_line(text: str) -> str:
    """Without control and format characters (Unicode's Cc and Cf, but for the joiners that some scripts need)."""
    kept = (each if each in JOINERS or unicodedata.category(each)[0] != "C" else " " for each in text)
    return " ".join("".join(kept).split())


def first_name(name: str) -> str:
    """How to greet somebody; "" for what does not look like a name, or begins with an initial."""
    name = one_line(name)
    if len(name) > _NAME_CHARS or not _NAME.fullmatch(bare(name)) or _LIKE_ADDRESS.search(name):
        return ""
    return given_name(name)


@cache
def _html() -> Environment:
    made = environment().overlay()
    made.filters = {**environment().filters, "first_name": first_name}
    return made


@cache
def _text() -> Environment:
    """Every value is one line, so that no name can add lines of its own, or turn around what stands behind it."""
    made = environment().overlay(autoescape=False, finalize=_plain)
    made.filters = _html().filters
    return made


def _plain(value: Any) -> Any:
    return _apart(one_line(value)) if isinstance(value, str) else value


def _apart(line: str) -> str:
    """What is written from right to left, isolated (U+2068, U+2069): a price behind it would go to its other side."""
    turns = any(unicodedata.bidirectional(each) in ("R", "AL") for each in line)
    return f"\u2068{line}\u2069" if turns else line
