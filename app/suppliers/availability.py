"""The words with which suppliers say that something can be bought."""

from functools import lru_cache
from typing import Literal

from app.suppliers.formats.vocabulary import normal

Availability = Literal["in", "out", "later"]

_IN = """in stock, instock, available, yes, y, true, t, 1, on, ja, sim, si, oui, da, limited availability,
limited stock, low stock, em stock, em estoque, disponivel, disponible, disponibile, disponibil, en stock, auf lager,
lieferbar, sofort lieferbar,
vorratig, verfugbar, op voorraad, in stoc, pe stoc, na stanie, dostepny, skladem, i lager, pa lager,
ready to ship, active, en existencia, in magazzino, verdadeiro, verdadero, vrai, wahr, vero, waar, prawda, pravda,
tak, ano, igen, kylla, evet, po skladu, na sklade, raktaron, na lageru, pa lager, varastossa, stokta var, stokta,
dostepna, ativo, activo, actif, aktiv, attivo, actief, да, в наличии, есть, есть в наличии, διαθεσιμο, σε αποθεμα, ναι,
在庫あり, 有货, 现货, 有貨, 現貨, 재고있음, 판매중"""
_OUT = """out of stock, outofstock, oos, unavailable, not available, no, n, false, f, 0, off, nein, nao, non, nu,
sold out, soldout, discontinued, esgotado, esgotada, sem stock, sem estoque, indisponivel, agotado, sin stock,
no disponible, epuise, rupture de stock, en rupture de stock, indisponible, ausverkauft, nicht auf lager,
nicht lieferbar, vergriffen,
nicht verfugbar, niet op voorraad, uitverkocht, stoc epuizat, indisponibil, esaurito, non disponibile, brak,
niedostepny, vyprodano, slutsald, udsolgt, ikke pa lager, inactive, falso, falsch, faux, vals, falsz, nepravda,
nie, ne, nem, ei, hayir, inativo, inactivo, inactif, inaktiv, non attivo, neni skladem, nincs raktaron, utsolgt,
loppu, stokta yok, tukendi, нет, нет в наличии, отсутствует, μη διαθεσιμο, εξαντλημενο, οχι, 在庫なし, 売り切れ, 缺货,
无货, 缺貨, 품절, 재고없음"""
_LATER = """preorder, pre order, presale, backorder, back order, backordered, available for order, on order,
pre venda, encomenda, por encomenda, reserva, vorbestellung, vorbestellbar, precommande, precomanda, coming soon,
onbackorder"""

_WORDS: dict[str, Availability] = {}
_ALL: tuple[tuple[Availability, str], ...] = (("in", _IN), ("out", _OUT), ("later", _LATER))
for _meaning, _words in _ALL:
    _WORDS.update(dict.fromkeys(map(normal, _words.split(",")), _meaning))


@lru_cache(maxsize=4096)
def availability(words: str) -> Availability | None:
    """`in`, `out`, or `later` (preorder, backorder); None for words that we do not know. Google's schema.org
    addresses ("https://schema.org/InStock") are known too."""
    return _WORDS.get(normal(words.rstrip("/").rpartition("/")[2]))
