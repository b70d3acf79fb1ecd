"""Suppliers' programs write text in whatever their system used twenty years ago."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.suppliers.formats import open_feed
from app.suppliers.formats.one_byte import guess_one_byte
from tests.suppliers.formats.reading import fields_of, read

PORTUGUESE = [
    "Candeeiro de secretária",
    "Cadeira de balanço à mão",
    "Chávena de café com pires",
    "Mesa de apoio “João”",
]
FRENCH = ["Lampe à poser", "Tête-à-tête en grès émaillé", "Fauteuil crème", "Étagère d’angle"]
GERMAN = ["Küchenhocker", "Große Schüssel", "Bügeltisch für Gäste"]
POLISH = ["Krzesło dębowe", "Świecznik żółty", "Półka wisząca"]
CZECH = ["Lampička na stůl", "Dřevěná židle", "Černý hrnek"]
TURKISH = ["Masa lambası", "Şık çalışma ışığı", "Gümüş kaşık"]
RUSSIAN = ["Настольная лампа", "Стул деревянный", "Кружка синяя"]
GREEK = ["Λάμπα γραφείου", "Καρέκλα κουζίνας", "Φλιτζάνι καφέ"]
RUSSIAN_CAPITALS = ["НАСТОЛЬНАЯ ЛАМПА", "СТУЛ ДЕРЕВЯННЫЙ"]
HUNGARIAN = ["Asztali lámpa", "Fényerő szabályzó", "Gyűrű", "Bögre"]
LITHUANIAN = ["Stalinė lempa", "Medinė kėdė", "Žvakidė", "Šiltas apklotas"]
ICELANDIC = ["Borðlampi", "Tréstóll", "Þykkt teppi"]
JAPANESE = ["デスクランプ", "木の椅子", "表示ソフト", "ﾏｸﾞｶｯﾌﾟ 青い"]
CHINESE = ["护眼台灯", "木椅子", "陶瓷马克杯"]
TAIWANESE = ["護眼檯燈", "木椅子", "陶瓷馬克杯"]
KOREAN = ["책상 조명", "나무 의자", "머그컵 파랑"]
LATVIAN = ["Galda lampa ar ēnu", "Koka krēsls", "Zīda šalle"]


@pytest.mark.parametrize(
    ("codec", "titles"),
    [
        ("cp1252", PORTUGUESE),
        ("cp1252", FRENCH),
        ("cp1252", GERMAN),
        ("iso8859_15", ["Cœur à 5 €", *PORTUGUESE[:3]]),
        ("mac_roman", PORTUGUESE),
        ("mac_roman", FRENCH),
        ("cp850", PORTUGUESE[:3]),
        ("cp1250", POLISH),
        ("cp1250", CZECH),
        ("iso8859_2", POLISH),
        ("cp1254", TURKISH),
        ("cp1251", RUSSIAN),
        ("cp1251", RUSSIAN_CAPITALS),
        ("koi8_r", RUSSIAN),
        ("cp866", RUSSIAN),
        ("cp1253", GREEK),
        ("cp1257", LATVIAN),
        ("cp1257", LITHUANIAN),
        ("cp1250", HUNGARIAN),
        ("cp1252", ICELANDIC),
        ("cp932", JAPANESE),
        ("euc_jp", JAPANESE[:3]),
        ("gbk", CHINESE),
        ("big5", TAIWANESE),
        ("cp949", KOREAN),
        ("utf-8", RUSSIAN + GREEK),
        ("utf-8-sig", POLISH),
        ("utf-16", RUSSIAN),
        ("utf-16-le", RUSSIAN),
        ("utf-16-be", RUSSIAN * 50),
        ("utf-16-le", ["机", "椅子"]),
        ("utf-32", GREEK),
    ],
)
def test_titles_come_in_as_they_were_written(tmp_path: Path, codec: str, titles: list[str]) -> None:
    rows = "".join(f"A{place};{title};48,90\r\n" for place, title in enumerate(titles))
    found = fields_of(read(tmp_path, f"sku;title;price\r\n{rows}".encode(codec)))
    assert [row["title"] for row in found] == titles


@pytest.mark.parametrize(
    ("codec", "price"),
    [
        ("cp1252", "49,95 €"),
        ("cp1252", "€ 1.249,00"),
        ("iso8859_15", "49 €"),
        ("cp1252", "1’249.50"),
        ("cp1250", "12 zł"),
    ],
)
def test_the_sign_beside_a_price_tells_the_encoding_where_no_word_does(tmp_path: Path, codec: str, price: str) -> None:
    (found,) = fields_of(read(tmp_path, f"sku;title;price\r\nA;Lamp;{price}\r\n".encode(codec)))
    assert found["price"] == price


def test_what_was_guessed_is_said(tmp_path: Path) -> None:
    path = tmp_path / "feed"
    for codec, said in (("cp1252", "Windows-1252"), ("mac_roman", "Mac Roman"), ("utf-8", None), ("utf-16", None)):
        path.write_bytes("sku,title,price,stock\nA,Secretária grande à mão,1,1\n".encode(codec))
        with open_feed(path) as feed:
            notes = [f"The text is not in UTF-8. It was read as {said}: if accents look wrong, save it as UTF-8."]
            assert list(feed.notes) == (notes if said else [])


@settings(deadline=2000)
@given(st.binary(max_size=300))
def test_any_bytes_are_in_some_encoding(data: bytes) -> None:
    assert data.decode(guess_one_byte(data), "replace") is not None
