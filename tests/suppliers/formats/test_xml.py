from pathlib import Path

import pytest

from app.suppliers.formats import BadRow, Limits
from tests.suppliers.formats.reading import fields_of, read, read_until_broken

G = 'xmlns:g="http://base.google.com/ns/1.0"'


def rss(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    inside = "\n".join(f"<item>{item}</item>" for item in items)
    return f'{head}\n<rss version="2.0" {G}><channel><title>Shop</title>\n{inside}\n</channel></rss>'


LAMP = "<g:id>A</g:id><title>Lamp</title><g:price>48.90 EUR</g:price>"


def test_google_s_fields_become_ours(tmp_path: Path) -> None:
    item = """<g:id>A1</g:id><g:title>Lamp</g:title><description>Plain</description><g:description>Long</g:description>
    <link>https://x.test/a</link><g:image_link>https://x.test/a.jpg</g:image_link><g:price>60.00 EUR</g:price>
    <g:sale_price>48.90 EUR</g:sale_price><g:availability>in_stock</g:availability><g:brand>Norra</g:brand>
    <g:gtin>4006381333931</g:gtin><g:item_group_id>lamp</g:item_group_id><g:color>Red</g:color><g:size>M</g:size>
    <g:google_product_category>Home &gt; Lamps</g:google_product_category><g:product_type>Desk lamps</g:product_type>
    <g:sell_on_google_quantity>4</g:sell_on_google_quantity><g:min_handling_time>1</g:min_handling_time>
    <g:product_highlight>Dimmable</g:product_highlight><g:product_highlight>Warm</g:product_highlight>
    <g:product_detail><g:section_name>General</g:section_name><g:attribute_name>Weight</g:attribute_name>
    <g:attribute_value>2 kg</g:attribute_value></g:product_detail><g:material>Steel</g:material>
    <g:shipping><g:country>PT</g:country><g:price>3.00 EUR</g:price></g:shipping>"""
    assert fields_of(read(tmp_path, rss(item))) == [
        {
            "sku": "A1",
            "title": "Lamp",
            "description": "Long",
            "image": "https://x.test/a.jpg",
            "price": "48.90 EUR",
            "list_price": "60.00 EUR",
            "availability": "in_stock",
            "brand": "Norra",
            "gtin": "4006381333931",
            "group": "lamp",
            "colour": "Red",
            "size": "M",
            "category": "Desk lamps",
            "stock": "4",
            "handling_days": "1",
            "note": "Dimmable",
            "attributes": {"Weight": "2 kg", "Material": "Steel"},
        }
    ]


def test_atom_entries_are_products_and_their_address_is_not_the_sku(tmp_path: Path) -> None:
    atom = f"""<feed xmlns="http://www.w3.org/2005/Atom" {G}><title>Shop</title><entry><id>https://x.test/a</id>
    <g:id>A</g:id><title>Lamp</title><summary>Long</summary><link href="https://x.test/a"/>
    <g:price>48.90 EUR</g:price></entry></feed>"""
    (found,) = fields_of(read(tmp_path, atom))
    assert found == {"sku": "A", "title": "Lamp", "description": "Long", "price": "48.90 EUR"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_the_declared_encoding_is_followed(tmp_path: Path, encoding: str) -> None:
    text = rss(LAMP.replace("Lamp", "Lâmpada"), head=f'<?xml version="1.0" encoding="{encoding}"?>')
    assert fields_of(read(tmp_path, text.encode(encoding)))[0]["title"] == "Lâmpada"


def test_blanks_before_the_declaration_do_no_harm(tmp_path: Path) -> None:
    assert len(fields_of(read(tmp_path, "\n \n" + rss(LAMP)))) == 1


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.999])
def test_items_before_the_break_of_a_cut_file_are_kept(tmp_path: Path, keep: float) -> None:
    text = rss(*(LAMP.replace(">A<", f">A{number}<") for number in range(3000)))
    cut = text[: int(len(text) * keep)]
    rows, broken = read_until_broken(tmp_path, cut)
    assert len(rows) == cut.count("</item>")
    assert broken is not None
    assert f"after {len(rows):,} complete items" in broken.reason
    assert "ends too early" in broken.reason


def test_a_broken_tag_names_its_line_and_keeps_what_came_before(tmp_path: Path) -> None:
    rows, broken = read_until_broken(tmp_path, rss(LAMP, LAMP, LAMP.replace("</title>", "</titel>"), LAMP))
    assert len(rows) == 2
    assert broken is not None
    assert broken.line == 5


def test_an_entity_that_xml_does_not_know_is_named(tmp_path: Path) -> None:
    _, broken = read_until_broken(tmp_path, rss(LAMP, LAMP.replace("Lamp", "A&nbsp;lamp"), LAMP))
    assert broken is not None
    assert "&nbsp;" in broken.reason


BOMB = """<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "declared",
    [BOMB, '<!DOCTYPE r SYSTEM "http://x.test/x.dtd">', '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'],
)
def test_declarations_of_entities_are_refused(tmp_path: Path, declared: str, encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?>{declared}'
    rows, broken = read_until_broken(tmp_path, rss("<g:id>&c;</g:id>", head=head).encode(encoding))
    assert rows == []
    assert broken is not None
    assert "declares" in broken.reason


def test_a_declaration_hidden_in_an_odd_encoding_is_refused(tmp_path: Path) -> None:
    text = rss(LAMP, head='<!DOCTYPE r [<!ENTITY x "y">]>')
    content = b'<?xml version="1.0" encoding="UTF-7"?>' + text.encode("utf-7")
    rows, broken = read_until_broken(tmp_path, content)
    assert rows == []
    assert broken is not None


def test_bytes_that_do_not_fit_the_declared_encoding_are_explained(tmp_path: Path) -> None:
    rows, broken = read_until_broken(tmp_path, rss(LAMP, LAMP.replace("Lamp", "Lâmpada")).encode("latin-1"))
    assert len(rows) == 1
    assert broken is not None
    assert "encoding" in broken.reason
    assert broken.line == 4


@pytest.mark.parametrize("name", ["UTF-16", "klingon"])
def test_a_wrongly_named_encoding_is_explained(tmp_path: Path, name: str) -> None:
    _, broken = read_until_broken(tmp_path, rss(LAMP, head=f'<?xml version="1.0" encoding="{name}"?>'))
    assert broken is not None
    assert name in broken.reason


def test_deep_nesting_and_huge_texts_are_refused(tmp_path: Path) -> None:
    for inside in ("<a>" * 400, "<g:title>" + "x" * 3_000_000):
        rows, broken = read_until_broken(tmp_path, rss(LAMP, inside))
        assert len(rows) <= 1
        assert broken is not None


def test_an_item_without_end_is_refused_early(tmp_path: Path) -> None:
    text = rss(LAMP).replace("</item>", "</item><item>" + "<g:x>y</g:x>" * 100_000)
    rows, broken = read_until_broken(tmp_path, text, Limits(max_row_bytes=100_000))
    assert len(rows) == 1
    assert broken is not None
    assert "After item 1" in broken.reason


def test_xml_without_products_is_refused(tmp_path: Path) -> None:
    _, broken = read_until_broken(tmp_path, "<orders><order>1</order></orders>")
    assert broken is not None
    assert "no <item>" in broken.reason


def test_one_item_with_too_much_is_rejected_alone(tmp_path: Path) -> None:
    rows = read(tmp_path, rss(LAMP + "<x/>" * 501, LAMP, LAMP.replace("Lamp", "x" * 30_000)))
    assert [isinstance(row, BadRow) for row in rows] == [True, False, True]


def test_an_unknown_entity_between_reads_of_the_file_loses_no_item_silently(tmp_path: Path) -> None:
    items = [LAMP.replace("Lamp", "x" * 5000) for _ in range(100)]
    items[40] = LAMP.replace("Lamp", "A&eacute;")
    rows, broken = read_until_broken(tmp_path, rss(*items))
    assert len(rows) == 40
    assert broken is not None
    assert "&eacute;" in broken.reason


def test_details_keep_their_order_and_the_first_of_repeated_elements_counts(tmp_path: Path) -> None:
    named = "<g:attribute_name>{0}</g:attribute_name><g:attribute_value>{0}!</g:attribute_value>"
    detail = f"<g:product_detail>{named}</g:product_detail>"
    (found,) = fields_of(read(tmp_path, rss(LAMP + "<g:id>B</g:id>" + detail.format("Z") + detail.format("A"))))
    assert found["sku"] == "A"
    assert list(found["attributes"].items()) == [("Z", "Z!"), ("A", "A!")]
