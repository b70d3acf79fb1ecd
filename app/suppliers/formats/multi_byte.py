"""Which of the old encodings of East Asia a text is in, if it is in one of them."""

import re
from collections.abc import Callable

NAMES = {"cp932": "Shift-JIS", "euc_jp": "EUC-JP", "cp949": "EUC-KR", "big5hkscs": "Big5", "gb18030": "GBK"}
_SAMPLE_BYTES = 64 * 1024
_LEAST = 0.6
# A character and the one after it, both of another script than ours: accents stand alone among plain letters.
_NEIGHBOURS = re.compile("[^\x00-\u2fff](?=[^\x00-\u2fff])")
_WIDE = re.compile("[^\x00-\u2fff]")
_KANA = re.compile("[\u3041-\u30fe]")
# One byte each, and so any capital letter of the Cyrillic encodings: they prove nothing.
_HALF_WIDE_KANA = re.compile("[\uff61-\uff9f]")
_HANGUL = re.compile("[\uac00-\ud7a3]")


def guess_multi_byte(data: bytes) -> str | None:
    """A codec name for text that is neither ASCII nor UTF-8; None for one that looks like none of these languages."""
    whole = data[:_SAMPLE_BYTES]
    cut = whole.rfind(b"\n") + 1  # a character may be cut in two at the end
    whole = whole[:cut] if cut and len(data) > len(whole) else whole
    found = {codec: _sense(whole.decode(codec, "replace"), share) for codec, share in _SHARES.items()}
    best = max(found, key=lambda codec: found[codec])
    return best if found[best] >= _LEAST else None


def _sense(text: str, usual: Callable[[str], float]) -> float:
    """From 0 to 1 how much a text looks like one: the usual characters among all that are not ASCII."""
    text = _HALF_WIDE_KANA.sub("", text)
    other = len(text) - len(text.encode("ascii", "ignore"))
    wide = _WIDE.findall(text)
    # A broken character counts for several: half of all pairs of bytes make some sign or other.
    broken = text.count("\ufffd")
    if not wide or len(_NEIGHBOURS.findall(text)) < 0.5 * len(wide):
        return 0.0
    return usual("".join(wide)) * (len(wide) - broken) / (other + 10 * broken)


def _japanese(wide: str) -> float:
    """Nothing is called by ideographs alone throughout."""
    kana = len(_KANA.findall(wide))
    return (kana + _among(_JIS, wide)) / len(wide) if kana * 8 > len(wide) else 0.0


def _korean(wide: str) -> float:
    return len(_HANGUL.findall(wide)) / len(wide)


def _simplified(wide: str) -> float:
    return _among(_GB, wide) / len(wide)


def _traditional(wide: str) -> float:
    return _among(_BIG5, wide) / len(wide)


def _among(usual: frozenset[str], wide: str) -> int:
    return sum(char in usual for char in wide)


def _rows(codec: str, first: int, last: int, trails: range) -> frozenset[str]:
    """The characters of some rows of a table: those that everybody uses have rows of their own."""
    pairs = (bytes((lead, trail)) for lead in range(first, last + 1) for trail in trails)
    return frozenset("".join(pair.decode(codec, "ignore") for pair in pairs))


_GB = _rows("gb2312", 0xB0, 0xD7, range(0xA1, 0xFF))
_JIS = _rows("euc_jp", 0xB0, 0xCF, range(0xA1, 0xFF))
_BIG5 = _rows("big5", 0xA4, 0xC6, range(0x40, 0xFF))

# In the order in which they win when nothing tells them apart. Japanese and Korean come before Chinese, in which their
# bytes make usual characters, too.
_SHARES: dict[str, Callable[[str], float]] = {
    "cp932": _japanese,
    "euc_jp": _japanese,
    "cp949": _korean,
    "big5hkscs": _traditional,
    "gb18030": _simplified,
}
