"""No address that a visitor brings leads out of the shop."""

from urllib.parse import urljoin, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from app.web.paths import local_path

_ODD = st.text(alphabet="/\\:@.?#%&;=\t\r\n\x00 abe\u2028\uff0f", max_size=30)


@given(st.one_of(_ODD, _ODD.map("/".__add__), st.text(max_size=50)))
def test_a_way_back_stays_in_the_shop(wanted: str) -> None:
    path = local_path(wanted)
    assert path.startswith("/") and not path.startswith(("//", "/\\"))
    assert not any(ord(character) < 33 or character == "\\" for character in path)
    assert urlsplit(urljoin("https://feira.example/sign-in", path)).netloc == "feira.example"
