"""What a product is, by its name."""

from collections.abc import Sequence

import numpy as np

from app.search import kinds, titles
from app.search.turns import at_once
from app.search.vocabularies import Vocabulary

Product = tuple[str, str, dict[str, str]]  # name, brand, attributes

CATALOGUE: Sequence[Product] = [
    ("Sony PRS tablet case White", "Sony", {"Product colour": "White"}),
    ("Case Logic CL502 mobile phone case Black", "Case Logic", {}),
    ("Kensington K62 tablet case 25.9 cm", "Kensington", {"Type": "Case"}),
    ("Alcova desk lamp, brass", "Alcova", {}),
    ("Projector lamp 200 W", "HP", {}),
    ("Canon EF camera lens", "Canon", {}),
    ("HP M407 Digital Camera", "HP", {"Type": "Digital camera"}),
    ("Verbatim toner cartridge Original Black", "Verbatim", {"Type": "Original"}),
    ("Kingston toner cartridge Original Cyan", "Kingston", {"Type": "Original"}),
    ("Stand for tablet", "Oficina", {}),
    ("Acer Notebook 33.8 cm (13.3) Dual Core", "Acer", {}),
    ("Category 5e (350 MHz) patch cable", "C2G", {}),
    ("Intel processor 3,6 GHz Box 4 MB Smart Cache", "Intel", {"Box": "Yes", "Processor cache type": "Smart Cache"}),
    ("FB019 screen protector Mobile phone/Smartphone 1 pc(s)", "HP", {"Device": "Mobile phone/Smartphone"}),
    ("Surge guard 8 AC outlet(s)", "APC", {}),
    ("Longlife Single-use battery Alkaline", "Varta", {"Battery type": "Single-use battery", "Chemistry": "Alkaline"}),
    ("Toner cartridge. Equivalent to Lexmark", "Xerox", {}),
    ("TP-Link TD-8616 modem", "TP-Link", {}),
    ("Sony Car Holder HCH-73 Black", "Sony", {}),
    ("Mug", "Barro", {}),
    ("2000 x 3000", "Barro", {}),
]


def of(catalogue: Sequence[Product]) -> list[str]:
    stems = Vocabulary()
    table = titles.titles([titles.named(name, brand, said.items()) for name, brand, said in catalogue], stems)
    found = at_once(kinds.things(table.words, table.played, table.bounds, len(stems), stems.find(kinds.HOLLOW)))
    return [stems.keys[number] if number != kinds.NOTHING else "" for number in found]


def test_the_thing_is_the_last_word_that_does_not_describe_it() -> None:
    expected = ["case", "case", "case", "lamp", "lamp", "len", "camera", "cartridg", "cartridg", "stand"]
    expected += ["notebook", "cabl", "processor", "protector", "guard", "batteri", "cartridg", "modem"]
    expected += ["holder", "mug", ""]
    assert of(CATALOGUE) == expected


def test_what_a_set_or_a_machine_is_tells_the_word_before_it() -> None:
    names = ["Oficina screwdriver set", "Philips Home theatre system", "Gaggia Espresso machine", "Set", "12 pc(s) kit"]
    assert of([(name, "", {}) for name in names]) == ["screwdriv", "theatr", "espresso", "set", "kit"]


def test_in_portuguese_and_spanish_the_thing_stands_before_of_and_with() -> None:
    names = ["Caneca de cerâmica com tampa", "Capa para telemóvel", "Taza de cerámica con tapa", "Funda del sofá"]
    assert of([(name, "", {}) for name in names]) == ["caneca", "capa", "taza", "funda"]
    names = ["Nautica Voyage Eau De Toilette for men", "Tour de France jersey"]
    assert of([(name, "", {}) for name in names]) == ["toilett", "jersei"]


def test_an_empty_catalogue_has_no_things() -> None:
    assert of([]) == []


def test_names_without_end_are_cut() -> None:
    made = titles.titles([titles.named("lamp " * 500, "", [])], Vocabulary())
    assert made[np.arange(1)].words.shape == (1, titles.LONGEST)
    assert made.bounds.tolist() == [0, titles.LONGEST]


def test_a_phrase_is_found_where_it_begins() -> None:
    stems = Vocabulary()
    table = titles.titles([titles.named(name, "", []) for name in ("Brass desk lamp", "Lamp desk", "Desk", "?")], stems)
    rows = table[np.arange(4)]
    places = rows.places(stems.find(["desk", "lamp"]))
    assert places.tolist() == [1, *[titles.NOWHERE] * 3]
    assert np.all(rows.places([]) == titles.NOWHERE)
