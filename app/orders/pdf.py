"""An invoice or a credit note as a PDF, from the facts that are kept with it: the same bytes each time."""

from collections import defaultdict
from datetime import UTC, datetime, time
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from app.infra.money import cents
from app.orders.documents import Facts, Item, Party

FONTS = Path(__file__).parent / "fonts"  # DejaVu Sans: Latin, Greek and Cyrillic letters
INK, SOFT, GREEN = (27, 33, 30), (84, 92, 86), (18, 80, 61)
MARGIN = 18  # millimetres
COLUMNS = ((80, "L"), (14, "R"), (28, "R"), (18, "R"), (34, "R"))  # what, pieces, each, VAT, amount
WIDTH = sum(width for width, _ in COLUMNS)


def pdf_of(facts: Facts) -> bytes:
    """Takes some hundred milliseconds: not on the event loop."""
    page = _Page(facts)
    page.parties()
    page.items()
    page.sums()
    return bytes(page.output())


class _Page(FPDF):
    def __init__(self, facts: Facts) -> None:
        super().__init__(format="A4")
        self.facts = facts
        self.is_credit = bool(facts.reason)
        self.add_font("DejaVu", "", FONTS / "DejaVuSans.ttf")
        self.add_font("DejaVu", "B", FONTS / "DejaVuSans-Bold.ttf")
        self.set_margin(MARGIN)
        self.set_auto_page_break(auto=True, margin=24)
        self.set_creation_date(datetime.combine(facts.issued_on, time(), UTC))  # or no two copies were the same
        self.set_title(f"{self.kind} {facts.number}")
        self.set_lang("en")
        self.alias_nb_pages()
        self.add_page()

    @property
    def kind(self) -> str:
        return "Credit note" if self.is_credit else "Invoice"

    def header(self) -> None:
        self._font(9, "B", GREEN)
        self.cell(WIDTH / 2, 6, "Feira")
        self._font(8, "", SOFT)
        self.cell(WIDTH / 2, 6, f"{self.kind} {self.facts.number}", align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(4)

    def footer(self) -> None:
        self.set_y(-16)
        self._font(7, "", SOFT)
        self.cell(WIDTH, 5, f"Page {self.page_no()} of {{nb}}", align="C")

    def parties(self) -> None:
        facts = self.facts
        self._font(18, "B")
        self.cell(WIDTH, 10, f"{self.kind} {facts.number}", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self._font(9, "", SOFT)
        said = [f"{facts.issued_on.day} {facts.issued_on:%B %Y}", f"order {facts.order}"]
        if facts.refers_to:
            said.append(f"to invoice {facts.refers_to}")
        if self.is_credit:
            said.append({"cancelled": "goods were cancelled", "returned": "goods were returned"}[facts.reason])
        self.cell(WIDTH, 6, _known(", ".join(said)), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(6)
        top = self.get_y()
        lows = [self._party(label, party, x, top) for label, party, x in (
            ("From", facts.seller, MARGIN), ("To", facts.buyer, MARGIN + WIDTH / 2))]  # fmt: skip
        self.set_xy(MARGIN, max(lows) + 8)

    def _party(self, label: str, party: Party, x: float, y: float) -> float:
        number = (f"VAT {party.tax_number}",) if party.tax_number else ()
        self.set_xy(x, y)
        self._font(8, "", SOFT)
        self.multi_cell(WIDTH / 2 - 6, 5, label, align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
        self._font(9, "B")
        self.multi_cell(WIDTH / 2 - 6, 5, _known(party.name), align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
        self._font(9)
        for line in (*party.lines, *number):
            self.multi_cell(WIDTH / 2 - 6, 5, _known(line), align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
        return self.get_y()

    def items(self) -> None:
        self._font(8, "", SOFT)
        for (width, align), words in zip(COLUMNS, ("", "Pieces", "Each", "VAT", self._amount), strict=True):
            self.cell(width, 6, words, align=align)
        self.ln(6)
        self._rule(0.5)
        by_seller = defaultdict[str, list[Item]](list)
        for item in self.facts.items:
            by_seller[item.seller].append(item)
        for seller, items in by_seller.items():
            self._font(8, "B", SOFT)
            self.multi_cell(WIDTH, 7, _known(f"Sold by {seller}"), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            for item in items:
                self._item(item)

    @property
    def _amount(self) -> str:
        return "Amount, excl. VAT" if self.facts.is_net else "Amount"

    def _item(self, item: Item) -> None:
        if self.will_page_break(14):
            self.add_page()
        self._font(9)
        top, page = self.get_y(), self.page
        said = _known(item.name) + (f"\n{_known(item.sku)}" if item.sku else "")
        self.multi_cell(COLUMNS[0][0] - 2, 5, said, align="L", new_x=XPos.RIGHT, new_y=YPos.NEXT)
        low = self.get_y()
        if self.page == page:
            self.set_y(top)
        self.set_x(MARGIN + COLUMNS[0][0])
        for (width, align), words in zip(
            COLUMNS[1:],
            (
                f"{item.pieces}",
                cents(item.unit_price_minor),
                f"{item.vat_percent} %",
                cents(self._signed(item.amount_minor - (item.vat_minor if self.facts.is_net else 0))),
            ),
            strict=True,
        ):
            self.cell(width, 5, words, align=align)
        self.set_xy(MARGIN, max(low, self.get_y() + 5) + 1)
        self._rule(0.1)

    def sums(self) -> None:
        if self.will_page_break(50):
            self.add_page()
        rates = defaultdict[str, list[int]](lambda: [0, 0])
        for item in self.facts.items:
            rates[item.vat_percent][0] += item.amount_minor
            rates[item.vat_percent][1] += item.vat_minor
        self.ln(4)
        self._font(11, "B")
        self._sum("Goes back to the buyer" if self.is_credit else "Total, VAT included", self.facts.amount_minor, 8)
        for rate, (gross, vat) in sorted(rates.items(), key=lambda each: -float(each[0])):
            self._font(9, "", SOFT)
            self._sum(f"without VAT of {rate} %", gross - vat, 6)
            self._sum(f"VAT {rate} %", vat, 6)
        self.ln(6)
        self._font(8, "", SOFT)
        currency = "All amounts in euros." if self.facts.currency == "EUR" else f"All amounts in {self.facts.currency}."
        paid = f" Paid with {self.facts.payment}." if self.facts.payment else ""
        issued = " Issued by Feira in the name of the sellers."
        self.multi_cell(WIDTH, 5, _known(currency + paid + issued), align="L")

    def _sum(self, words: str, minor: int, height: float) -> None:
        self.cell(WIDTH - 34, height, words, align="R")
        self.cell(34, height, cents(self._signed(minor)), align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _signed(self, minor: int) -> int:
        return -minor if self.is_credit else minor

    def _font(self, size: float, style: str = "", colour: tuple[int, int, int] = INK) -> None:
        self.set_font("DejaVu", style, size)
        self.set_text_color(*colour)

    def _rule(self, thickness: float) -> None:
        self.set_line_width(thickness)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())
        self.ln(1)


def _known(text: str) -> str:
    """Letters that the font lacks are shown as the sign for that; control characters are not shown."""
    letters = _letters()
    return "".join(letter if ord(letter) in letters else "\ufffd" for letter in text if letter.isprintable())


def _letters() -> frozenset[int]:
    global _found
    if not _found:
        from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

        with TTFont(FONTS / "DejaVuSans.ttf") as font:
            _found = frozenset(font.getBestCmap())
    return _found


_found: frozenset[int] = frozenset()
