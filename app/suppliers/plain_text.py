"""Text from suppliers made safe to store and to show: no markup, no invisible characters, one Unicode form."""

import re
import unicodedata
from html import unescape

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*|!)[^<>]*>")
_BREAKING = frozenset(
    ["p", "br", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "hr", "dd", "dt"]
)
# Markup that some program has escaped once more on its way: "&lt;p&gt;" is no text that anybody means.
_ESCAPED_TAG = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|ul|ol|li|div|span|h[1-6]|table|tr|td|a)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_ESCAPED_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|nbsp|#\d{1,6});")
_SILENT = frozenset({"script", "style"})
# Control characters, lone surrogates, marks that turn the direction of text, byte order marks, non-characters.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\u2060\xad\ufeff\ufffe\uffff\ud800-\udfff]"
)


def one_line(text: str) -> str:
    """Plain text with every run of blanks as one space."""
    if _is_plain(text):
        return " ".join(text.split())
    return " ".join(paragraphs(text).split())


def _is_plain(text: str) -> bool:
    """Whether it is one line with nothing to be made safe: most texts are."""
    return text.isascii() and text.isprintable() and "<" not in text and "&" not in text


def paragraphs(text: str) -> str:
    """Plain text that keeps its line breaks; HTML is reduced to its words, block elements to new lines."""
    if _is_plain(text):
        return " ".join(text.split())
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "<" in text:
        text = _without_tags(text)
    if "&" in text:
        text = unescape(text)
        if _ESCAPED_TAG.search(text):
            text = _without_tags(text)
        if _ESCAPED_ENTITY.search(text):
            text = unescape(text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = _UNSAFE.sub("", text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()


def _without_tags(text: str) -> str:
    kept: list[str] = []
    place, silent = 0, ""
    for tag in _TAG.finditer(text):
        closing, name = tag.group(1), tag.group(2).lower()
        if not silent:
            kept.append(text[place : tag.start()])
            kept.append("\n" if name in _BREAKING else "")
            silent = name if name in _SILENT and not closing else ""
        elif closing and name == silent:
            silent = ""
        place = tag.end()
    if not silent:
        kept.append(text[place:])
    return "".join(kept)
