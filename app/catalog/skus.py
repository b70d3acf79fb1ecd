"""Our own SKUs: short, the same for the same variant, and not telling how many there are."""

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U: nobody misreads them
_PLACES = 7
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]
_RANGE = 32**_PLACES
_STRIDE = 12_884_901_893  # odd, so that it visits every number below 32^7 once


def sku_of(variant_id: int) -> str:
    """ "F" and seven letters or digits; different for the first 34 thousand million variants."""
    number = variant_id * _STRIDE % _RANGE
    pairs = _PAIRS[number >> 20 & 1023], _PAIRS[number >> 10 & 1023], _PAIRS[number & 1023]
    return f"F{_LETTERS[number >> 30]}{pairs[0]}{pairs[1]}{pairs[2]}"
