"""Which of the old one-byte encodings a text is in: the one in which it looks most like words."""

import re

_WESTERN = "àáâãäåæçèéêëìíîïñòóôõöøùúûüß"
_CENTRAL = "áâäąćčďđéęěëíîłľĺńňóôöőŕřśšşťţúůűüýźžżăß"
_TURKISH = "çğıöşü"
_BALTIC = "āąčēęėģīįķļņšūųžäöüõ"
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґјљњћђџ"
_GREEK = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋ"
# In the order in which they win when nothing tells them apart, with the letters of those who use them.
_LETTERS = {
    "cp1252": _WESTERN + "œšž",
    "iso8859_15": _WESTERN + "œšž",
    "cp1254": _TURKISH,
    "cp1250": _CENTRAL,
    "cp1251": _CYRILLIC,
    "iso8859_2": _CENTRAL,
    "mac_roman": _WESTERN + "œ",
    "cp1253": _GREEK,
    "cp1257": _BALTIC,
    "koi8_r": _CYRILLIC,
    "cp850": _WESTERN,
}
_NAMES = {"mac_roman": "Mac Roman", "koi8_r": "KOI8-R", "cp850": "DOS (code page 850)"}
_COMMON = {codec: frozenset(letters + letters.upper()) for codec, letters in _LETTERS.items()}
_OTHER_SCRIPTS = frozenset({"cp1251", "cp1253", "koi8_r"})
_WORDS = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_MOST_WORDS = 500
_WORD_BYTES = 40
# Signs that stand beside words in any language; the euro is the only one that prices are full of.
_SIGNS = frozenset("“”„‘’‚«»–—…•™®©°²ªº½§€£ \xa0")


def guess_one_byte(data: bytes) -> str:
    """A codec name for text that is neither ASCII nor UTF-8. Raises nothing: any text is in one of them."""
    words = [word[:_WORD_BYTES] for word in _WORDS.findall(data[: 256 * 1024])[:_MOST_WORDS]]
    return max(_LETTERS, key=lambda codec: sum(_sense(codec, word.decode(codec, "replace")) for word in words))


def name_of(codec: str) -> str:
    """What people call a codec that `guess_one_byte` gave, or "" for any other."""
    if codec not in _LETTERS:
        return ""
    return _NAMES.get(codec) or codec.replace("iso8859_", "ISO 8859-").replace("cp", "Windows-")


def _sense(codec: str, word: str) -> float:
    """How much a word looks like one of a language that is written in this encoding: below 0 not at all."""
    common = _COMMON[codec]
    total = 0.0
    foreign = 0
    for place, char in enumerate(word):
        foreign = foreign + 1 if char > "\x7f" else 0
        if not foreign:
            continue
        before, after = word[place - 1 : place], word[place + 1 : place + 2]
        if char in common:
            total += _fits(codec, char, before, after, foreign)
        elif char.isalpha():
            total -= 1
        elif char in _SIGNS:
            total -= 0.5 if before.isalpha() and after.isalpha() and char != "’" else 0
        else:  # a sign that nobody writes, or a place in the encoding that is empty
            total -= 3 if char == "\ufffd" or not char.isprintable() else 2
    return total


def _fits(codec: str, char: str, before: str, after: str, foreign: int) -> float:
    if char.isupper() and before.islower():
        return -2
    if codec in _OTHER_SCRIPTS:
        mixed = (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
        return -2 if mixed or (char == "ς" and after.isalpha()) else 1
    # Only Turkish has Latin words with three such letters in a row.
    return -2 if foreign > 2 and codec != "cp1254" else 1
