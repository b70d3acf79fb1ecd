"""Which of the old one-byte encodings a text is in: the one in which it looks most like words of one language."""

import re
from collections import Counter

# Beside their own letters those of the names that everybody sells under ("Café", "Škoda").
_WESTERN = (
    "áâãàçéêíóôõúü",
    "éèêëàâçùûüôöîïÿœæ",
    "áéíóúñüàèòïç",
    "àèéìòùî",
    "äöüßéèàá",
    "åäöæøéüáš",
    "áéíóúýþæöð",
    "äöõüšžé",
    "éëïöüèêóá",
)
_CENTRAL = (
    "ąćęłńóśźżéüö",
    "áčďéěíňóřšťúůýžöü",
    "áäčďéíĺľňóôŕšťúýžöü",
    "áéíóöőúüűä",
    "ăâîşţéö",
    "čćđšžéöü",
    "äöüßéá",
)
_CYRILLIC = ("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґјљњћђџ",)
# In the order in which they win when nothing tells them apart, with the letters of each language that uses them.
ALPHABETS: dict[str, tuple[str, ...]] = {
    "cp1252": _WESTERN,
    "iso8859_15": _WESTERN,
    "cp1254": ("çğıiöşüâ",),
    "cp1250": _CENTRAL,
    "cp1251": _CYRILLIC,
    "iso8859_2": _CENTRAL,
    "mac_roman": _WESTERN,
    "cp1253": ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",),
    "cp1257": ("āčēģīķļņšūžõäöé", "ąčęėįšųūžéö", "äöõüšžé"),
    "koi8_r": _CYRILLIC,
    "cp850": _WESTERN,
    "cp866": _CYRILLIC,
}
_FOREIGN = -0.5  # a letter that the language does not use
# Western languages share their encoding: in one of them a name from another is hardly less likely than its own words.
_NEIGHBOUR = 0.8
_NEIGHBOURS = frozenset("".join(_WESTERN))
_OTHER_SCRIPTS = frozenset({"cp1251", "cp1253", "koi8_r", "cp866"})
_WORDS = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_MOST_WORDS = 500
_WORD_BYTES = 40
# Beside a number stands the euro, or what is between thousands: no letter.
_BESIDE_NUMBERS = re.compile(
    rb"(?:(?<=[0-9])|(?<=[0-9] ))[\x80-\xff](?![A-Za-z\x80-\xff])"
    rb"|(?<![A-Za-z\x80-\xff])[\x80-\xff](?= ?[0-9])"
)
# Signs that stand beside words in any language; the euro is the only one that prices are full of.
_SIGNS = frozenset("“”„‘’‚«»–—…•™®©°²ªº½§€£ \xa0")


def guess_one_byte(data: bytes) -> str:
    """A codec name for text that is neither ASCII nor UTF-8. Raises nothing: any text is in one of them."""
    data = data[: 256 * 1024]
    words = [word[:_WORD_BYTES] for word in _WORDS.findall(data)[:_MOST_WORDS]]
    beside = _BESIDE_NUMBERS.findall(data)[:_MOST_WORDS]
    return max(ALPHABETS, key=lambda codec: _sense(codec, words) + _sense_beside_numbers(codec, beside))


def _sense(codec: str, words: list[bytes]) -> float:
    """How much words look like those of one language that is written in this encoding: below 0 not at all."""
    letters: Counter[str] = Counter()
    signs = sum(_odd(codec, word.decode(codec, "replace"), letters) for word in words)
    neighbours = _NEIGHBOURS if ALPHABETS[codec] is _WESTERN else frozenset[str]()
    return signs + max(
        sum(
            times * (1 if letter in alphabet else _NEIGHBOUR if letter in neighbours else _FOREIGN)
            for letter, times in letters.items()
        )
        for alphabet in ALPHABETS[codec]
    )


def _sense_beside_numbers(codec: str, signs: list[bytes]) -> float:
    shown = [sign.decode(codec, "replace") for sign in signs]
    return sum(1 if sign == "€" else -1.5 if sign.isalpha() else 0 for sign in shown)


def _odd(codec: str, word: str, letters: Counter[str]) -> float:
    """What is wrong in a word (0: nothing); adds the letters that are in their place to `letters`."""
    if len(word) == 1 and word.isupper() and codec not in _OTHER_SCRIPTS:
        return -1
    total = 0.0
    foreign = 0
    for place, char in enumerate(word):
        foreign = foreign + 1 if char > "\x7f" else 0
        if not foreign:
            continue
        before, after = word[place - 1 : place], word[place + 1 : place + 2]
        if char.isalpha():
            if _fits(codec, char, before, after, foreign):
                letters[char.lower()[0]] += 1
            else:
                total -= 2
        elif char in _SIGNS:
            total -= 0.5 if before.isalpha() and after.isalpha() and char != "’" else 0
        else:  # a sign that nobody writes, or a place in the encoding that is empty
            total -= 3 if char == "\ufffd" or not char.isprintable() else 2
    return total


def _fits(codec: str, char: str, before: str, after: str, foreign: int) -> bool:
    if char.isupper() and before.islower():
        return False
    if codec in _OTHER_SCRIPTS:
        mixed = (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
        return not mixed and not (char == "ς" and after.isalpha())
    # Only Turkish has Latin words with three such letters in a row.
    return foreign <= 2 or codec == "cp1254"
