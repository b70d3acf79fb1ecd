"""The words with which suppliers say that something can be bought."""

from functools import lru_cache
from typing import Literal

from app.suppliers.formats.vocabulary import normal

Availability = Literal["in", "out", "later"]

_IN = """in stock, instock, available, yes, y, true, t, 1, on, ja, sim, si, oui, da, limited availability,
limited stock, low stock, em stock, em estoque, disponivel, disponible, disponibile, disponibil, en stock, auf lager,
lieferbar, sofort lieferbar,
vorratig, verfugbar, op voorraad, in stoc, pe stoc, na stanie, dostepny, skladem, i lager, pa lager,
ready to ship, active, en existencia, in magazzino"""
_OUT = """out of stock, outofstock, oos, unavailable, not available, no, n, false, f, 0, off, nein, nao, non, nu,
sold out, soldout, discontinued, esgotado, esgotada, sem stock, sem estoque, indisponivel, agotado, sin stock,
no disponible, epuise, rupture de stock, en rupture de stock, indisponible, ausverkauft, nicht auf lager,
nicht lieferbar, vergriffen,
nicht verfugbar, niet op voorraad, uitverkocht, stoc epuizat, indisponibil, esaurito, non disponibile, brak,
niedostepny, vyprodano, slutsald, udsolgt, ikke pa lager, inactive"""
_LATER = """preorder, pre order, presale, backorder, back order, backordered, available for order, on order,
pre venda, encomenda, por encomenda, reserva, vorbestellung, vorbestellbar, precommande, precomanda, coming soon,
onbackorder"""

_WORDS: dict[str, Availability] = {}
_ALL: tuple[tuple[Availability, str], ...] = (("in", _IN), ("out", _OUT), ("later", _LATER))
for _meaning, _words in _ALL:
    _WORDS.update(dict.fromkeys(" ".join(_words.split()).split(", "), _meaning))


@lru_cache(maxsize=4096)
def availability(words: str) -> Availability | None:
    """`in`, `out`, or `later` (preorder, backorder); None for words that we do not know. Google's schema.org
    addresses ("https://schema.org/InStock") are known too."""
    return _WORDS.get(normal(words.rstrip("/").rpartition("/")[2]))
