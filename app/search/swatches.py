"""The dot beside a colour's name."""

from app.catalog.art.palette import WAYS
from app.search.words import fold

BASIC = {
    "black": "#1F2321",
    "white": "#FBFAF6",
    "grey": "#8B908C",
    "gray": "#8B908C",
    "silver": "#C3C7C4",
    "red": "#A83A2B",
    "orange": "#DD7A2C",
    "yellow": "#E8BF45",
    "gold": "#C99B3B",
    "green": "#3E7A55",
    "blue": "#3C639B",
    "purple": "#6E4A80",
    "pink": "#D98CA0",
    "brown": "#7A5236",
    "beige": "#DDCBAA",
    "cream": "#F3E9D6",
    "honey": "#C4935F",
}


def swatch(name: str) -> str:
    """ "Bottle green" -> "#1F5F4A"; "" for a name that says nothing to us."""
    words = fold(name).split()
    ours = next((WAYS[word].base for word in words if word in WAYS), "")
    return ours or next((BASIC[word] for word in words if word in BASIC), "")
