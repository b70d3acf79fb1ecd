"""Which words are shown at once, and which wait for a person.

As the large shops do it: software reads every review first. Nearly all are plain and are shown at once, or nobody
would write a second one; what may be an advert, somebody's address or an insult waits. Stars without words cannot
harm anybody and never wait. Everything that is shown can be reported, and taken down.
"""

import re
import unicodedata

_LINK = re.compile(
    r"https?:|www\.|\b[\w-]{2,}(?:\.(?:com|net|org|info|biz|shop|store|online|pt|fr|uk|ly|ru|cn|xyz|top)\b"
    r"|\.(?:de|es|io|it|me)/|\s?(?:\(dot\)|\[dot\]|\bdot\b|\s\.)\s?(?:com|net|org|pt)\b)"
)
_EMAIL = re.compile(
    r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+\s?(?:\.|\bdot\b|\(dot\))\s?\w{2,}|\w+\s+at\s+\w+\s+dot\s+\w+|@\w{3,}"
)
_PHONE = re.compile(r"(?<![\w.,])\+?(?:\d[\s().-]?){9,15}(?!\w)")
_IBAN = re.compile(r"\b[a-z]{2}\d{2}(?:\s?[a-z0-9]{4}){3,}\b")
_ELSEWHERE = re.compile(
    r"\b(?:whats\s?app|telegram|instagram|facebook|tiktok|coupon code|discount code|promo code|codigo de desconto)\b"
)
# Insults and slurs in the shop's languages, by their stems as whole words; written without accents.
_RUDE = re.compile(
    r"\b(?:fuck\w*|shit\w*|cunts?|bitch\w*|assholes?|wankers?|faggots?|niggers?|retards?|"
    r"merda\w*|caralho\w*|foda\w*|fodid\w*|puta|putas|cabrao|cabroes|paneleiros?|"
    r"mierda\w*|gilipollas|cabron\w*|maricon\w*|scheiss\w*|arschl\w+|connards?|salopes?|encules?)\b"
)
_RUNS = re.compile(r"(.)\1{9,}")
_SHOUTED = 30  # letters

LINK, CONTACT, RUDE, NOISE = (
    "It holds a link or points to another place",
    "It holds an e-mail address, a number or an account",
    "It holds a word of the list",
    "It is shouted, or hardly words",
)


def doubt(title: str, text: str) -> str:
    """Why these words wait for a person, as a sentence for operators; "" if nothing speaks against showing them."""
    words = _plain(f"{title}\n{text}")
    if _EMAIL.search(words) or _PHONE.search(words) or _IBAN.search(words):
        return CONTACT
    if _LINK.search(words) or _ELSEWHERE.search(words):
        return LINK
    if _RUDE.search(words):
        return RUDE
    letters = [each for each in f"{title}{text}" if each.isalpha()]
    shouted = len(letters) >= _SHOUTED and sum(each.isupper() for each in letters) > 0.7 * len(letters)
    return NOISE if shouted or _RUNS.search(words) or _is_hidden(f"{title}{text}") else ""


def is_rude(name: str) -> bool:
    """Whether a name is a word that nobody is shown."""
    return bool(_RUDE.search(_plain(name)))


def _plain(text: str) -> str:
    """Small letters without accents, full-width ones and ligatures as usual ones, nothing that is not seen."""
    apart = unicodedata.normalize("NFKD", text)
    kept = (each for each in apart if unicodedata.category(each) not in ("Mn", "Cf"))
    return "".join(kept).casefold()


def _is_hidden(text: str) -> bool:
    """Whether it turns the direction of writing around or heaps marks upon letters: it would disturb the page."""
    marks = sum(unicodedata.combining(each) > 0 for each in text)
    turned = any(each in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068" for each in text)
    return turned or marks > max(8, len(text) // 4)
