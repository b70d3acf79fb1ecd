"""A file of postcodes may be anything: what can be read is read, and the rest is said and spoils nothing."""

import csv
import gzip
import io
import zipfile

import pytest

from app.admin.delivery_reading import MOST_BYTES, guarded, undone
from app.infra.database import fetch
from tests.accounts.people import Client
from tests.admin.delivering import MORE, apply, counts, kept, send, table, upload
from tests.admin.delivering import POSTCODES as PLACE


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return packed.getvalue()


@pytest.mark.parametrize(
    "cell", ["", "'", "''", "x", "=x", "'=x", "''=x", " =x", "' =x", "\t=", "＝1", "'x", "@", "'@'"]
)
def test_what_is_defused_comes_back_as_it_was(cell: str) -> None:
    assert undone(guarded(cell)) == cell


@pytest.mark.parametrize(
    "content",
    [
        MORE.encode("utf-8-sig"),
        MORE.encode("utf-16"),
        MORE.encode("utf-16-le"),
        MORE.encode("cp1252"),
        MORE.replace(",", "\t").encode(),
        MORE.replace(",", ";").encode(),
        MORE.replace(",", "|").encode(),
        MORE.replace("\n", "\r\n").encode(),
        MORE.replace("\n", "\r").encode(),
        ("sep=;\n" + MORE.replace(",", ";")).encode(),
        gzip.compress(MORE.encode(), mtime=0),
        MORE.removeprefix("prefix,place,zone\n").encode(),
        b"\n\n" + MORE.encode(),
        "Zona,Código Postal,ignored,Localidade\nlisboa,1,x,Lisboa\nPORTO,4,y,Porto\n"
        "lisboa,1200109,z,Sé\nporto,45,,Penafiel".encode(),
    ],
)
async def test_any_usual_way_of_writing_a_table_is_read(desk: Client, content: bytes) -> None:
    assert counts((await desk.get(await kept(desk, content))).text) == [2, 0, 0, 0]


WRONG = (
    "prefix,place,zone\n1,Lisboa,lisboa\n4,Porto,PORTOO\n12x,Sé,lisboa\n,Sé,lisboa\n13,,lisboa\n14,"
    + "x" * 81
    + ",lisboa\n"
    "1,Lisbon,lisboa\n15,Sé,\n16,<script>alert(1)</script>,'; DROP TABLE zone\n17,a,b,c\n18\n12345678,Sé,lisboa\n"
)


async def test_every_wrong_line_is_named_with_its_field_value_and_reason(desk: Client) -> None:
    address = await kept(desk, WRONG)
    text = (await desk.get(address)).text
    assert counts(text) == [0, 0, 0, 11] and "<script>" not in text
    report = csv.reader(io.StringIO((await desk.get(f"{address}/problems.csv")).content.decode("utf-8-sig")))
    found = {(row[0], row[1]): (row[2], row[3]) for row in report}
    assert found["3", "zone"] == ("PORTOO", "There is no zone of this code. There are: lisboa, porto")
    assert found["4", "prefix"][0] == "12x" and "first 1 to 7 digits" in found["4", "prefix"][1]
    assert found["5", "prefix"] == ("", "The prefix is missing")
    assert found["6", "place"] == ("", "The name of the place is missing")
    assert len(found["7", "place"][0]) <= 80 and "81 characters" in found["7", "place"][1]
    assert found["8", "prefix"] == ("1", "Line 2 speaks of this prefix, too")
    assert found["9", "zone"] == ("", "The zone's code is missing")
    assert found["11", ""][1].startswith("The row has 4 columns")
    assert {field for line, field in found if line == "12"} == {"place", "zone"}
    assert found["13", "prefix"][0] == "12345678"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b" \r\n\r\n", "The file is empty"),
        (b"\0" * 1000, "The file"),
        (b"prefix,place,zone\n", "no line below it"),
        (b"a,b,c\nd,e,f\n", "There is no column for the prefix"),
        (b"prefix,place\n1,Lisboa\n", "There is no column for the zone"),
        (b"prefix,postcode,place,zone\n1,1,a,lisboa\n", "Two columns are called prefix"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "a picture (PNG), not a table of postcodes"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "Excel workbook"),
        pytest.param(zipped("[Content_Types].xml", "xl/workbook.xml")[:60], "damaged or incomplete", id="half a ZIP"),
        (bytes(range(256)) * 500, "not text"),
        (gzip.compress(MORE.encode() * 1000, mtime=0)[:200], "too early"),
        (gzip.compress(b"a" * 60 * 1024 * 1024, mtime=0), "32 MB unpacked. Send one with at most 250,000 lines"),
        (b"prefix,place,zone\n" + b"\n" * 100_000, "nothing but blank lines"),
        (b"prefix,place,zone\n" + b"1,a,b\n" * 250_001, "more than 250,000 lines"),
    ],
)
async def test_what_is_no_table_is_refused_and_changes_nothing(desk: Client, content: bytes, said: str) -> None:
    answer = await upload(desk, content)
    assert answer.status_code == 422 and said in answer.text and "<title>Error:" in answer.text
    assert not await fetch("SELECT FROM postcode_upload") and len(await table()) == 2


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (b"12,S\0e,lisboa", 1),
        (b"12,S\xe9,lisboa" + b"".join(f"\n13{n},Sé,lisboa".encode() for n in range(9)), 1),
        (b'12,"Lis\nboa",lisboa', 1),
        (b'12,"Lisboa,lisboa\n13,Almada,lisboa', 1),
        (b"12," + b"x" * 100_000 + b",lisboa", 1),
        (b"12" * 50 + b",a,lisboa", 1),
        ("１２,a,lisboa".encode(), 1),
        (b"-12,a,lisboa", 1),
        (b"1e2,a,lisboa", 1),
        (b"12,\xe2\x80\xae\xe2\x80\x8b,lisboa", 1),
    ],
)
async def test_a_hostile_line_spoils_only_itself(desk: Client, line: bytes, wrong: int) -> None:
    address = await kept(desk, MORE.encode() + line + b"\n99,Depois,porto\n")
    text = (await desk.get(address)).text
    assert counts(text)[3] == wrong
    assert (await apply(desk, address, leave_out="yes")).status_code == 303
    assert (await table())["99"] == ("Depois", "porto")


async def test_a_file_that_is_too_large_is_refused_while_it_comes(desk: Client) -> None:
    answer = await upload(desk, b"prefix,place,zone\n" + b"x" * MOST_BYTES)
    assert answer.status_code == 413 and "larger than 16 MB" in answer.text


async def test_a_form_without_a_file_says_so(desk: Client) -> None:
    answer = await desk.post(PLACE, files={"other": (None, "x")}, follow_redirects=False)
    assert answer.status_code == 422 and "Choose a file" in answer.text
    assert (await send(desk, PLACE, {"file": "x"})).status_code == 422
    name = await upload(desk, MORE, name="../../<i>\x00.csv")
    assert "<i>" not in (await desk.get(name.headers["location"])).text
