"""Writes a draft as PDF, the way word processors and browsers print reports: lines broken to a width, numbered pages.

``rng`` decides how: size of type and margins, headers and page numbers, how rulings are drawn, whether a table's header
comes again on the next page and whether a row may be torn over the break, whether a part lies across the page. Needs
reportlab, whose built-in font STSong-Light shows Chinese without a font file.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from samples.draft import Draft, FormTable, Heading, Paragraph, Picture
from samples.grid import GridCell, grid
from samples.line_breaking import FONT, break_lines, load_font, width_of

_PAGE = (595.28, 841.89)
_WIDTHS = {
    "proactive_table": (1.4, 1, 1, 1),
    "application_table": (1.1, 1.4, 3.2, 0.9, 0.9, 0.9, 0.9, 0.9, 0.8, 0.9),
    "dispute_table": (1,) * 15,
}


@dataclass(frozen=True, slots=True)
class Looks:
    """How a PDF is laid out; sizes in points."""

    size: float = 14.0
    leading: float = 1.7
    margin: float = 72.0
    table_size: float = 9.5
    header: str = ""
    numbering: str = "— {} —"
    repeats_header: bool = False
    tears_rows: bool = False
    tears_numbers: bool = False
    rulings: str = "boxes"
    turns_tables: bool = False
    cover: bool = False


def draw_looks(rng: random.Random, draft: Draft) -> Looks:
    """One of the ways in which reports are printed."""
    return Looks(
        size=rng.choice((10.5, 12, 14, 16)),
        leading=rng.choice((1.4, 1.6, 1.8)),
        margin=rng.choice((60.0, 72.0, 85.0)),
        table_size=rng.choice((8, 9, 9.5)),
        header=rng.choice(("", "", draft.title, "政府信息公开专栏")),
        numbering=rng.choice(("— {} —", "- {} -", "第{}页 共{}页", "{}", "{}/{}", "")),
        repeats_header=rng.random() < 0.3,
        tears_rows=rng.random() < 0.4,
        tears_numbers=rng.random() < 0.3,
        rulings=rng.choice(("boxes", "lines", "bars", "long lines", "open")),
        turns_tables=rng.random() < 0.15,
    )


def write_pdf(draft: Draft, rng: random.Random) -> bytes:
    """The report as a PDF file. The same draft and state of ``rng`` give the same bytes."""
    return PdfReport(draft, draw_looks(rng, draft)).write()


class PdfReport:
    """One report being laid out."""

    def __init__(self, draft: Draft, looks: Looks) -> None:
        load_font()
        self.draft = draft
        self.looks = looks
        self.pages: list[list[tuple[Any, ...]]] = [[]]
        self.sizes = [_PAGE]
        self.at = self._top

    @property
    def _top(self) -> float:
        return self.sizes[-1][1] - self.looks.margin

    @property
    def _width(self) -> float:
        return self.sizes[-1][0] - 2 * self.looks.margin

    def write(self) -> bytes:
        """The file."""
        self.lay_out()
        return self._printed()

    def lay_out(self) -> None:
        """Fill ``pages`` with what is to be printed: texts, lines, boxes and pictures at their places."""
        looks, draft = self.looks, self.draft
        for line in break_lines(draft.title, looks.size * 1.4, self._width):
            self._line(line, looks.size * 1.4, centred=True)
        self._paragraph(draft.notice, indent=0)
        run_in = ""
        for block in draft.blocks:
            if isinstance(block, Heading):
                text = block.text()
                run_in = text + "。" if block.run_in else ""
                if not block.run_in:
                    self._paragraph(text)
            elif isinstance(block, Paragraph):
                self._paragraph(run_in + "".join(sentence.text() for sentence in block.sentences))
                run_in = ""
            elif isinstance(block, FormTable):
                self._table(block)
            else:
                self._picture(block)
        for line in draft.signature:
            self._line(line, looks.size, right=True)
        self._paragraph(draft.notice, indent=0)

    def _new_page(self, turned: bool = False) -> None:
        self.pages.append([])
        self.sizes.append((_PAGE[1], _PAGE[0]) if turned else _PAGE)
        self.at = self._top

    def _line(self, text: str, size: float, left: float = 0.0, *, centred: bool = False, right: bool = False) -> None:
        step = size * self.looks.leading
        if self.at - step < self.looks.margin:
            self._new_page()
        self.at -= step
        width = width_of(text, size)
        if centred:
            left = (self._width - width) / 2
        elif right:
            left = self._width - width
        self.pages[-1].append(("text", self.looks.margin + left, self.at, size, text))

    def _paragraph(self, text: str, indent: float = 2.0) -> None:
        looks = self.looks
        first = indent * looks.size
        lines = break_lines(text, looks.size, self._width, first, tears_numbers=looks.tears_numbers)
        for number, line in enumerate(lines):
            self._line(line, looks.size, 0.0 if number else first)

    def _picture(self, picture: Picture) -> None:
        if self.at - 160 < self.looks.margin:
            self._new_page()
        self.at -= 160
        self.pages[-1].append(("image", self.looks.margin, self.at + 5, self._width, 150, picture.label))

    # -- tables -------------------------------------------------------------------------------------------------

    def _table(self, table: FormTable) -> None:
        looks = self.looks
        turned = looks.turns_tables and table.name == "application_table"
        if turned:
            self._new_page(turned=True)
        self.at -= 4
        cells = [cell for row in grid(table) for cell in row]
        columns = max(cell.column + cell.column_span for cell in cells)
        shares: Sequence[float] = _WIDTHS[table.name]
        if len(shares) != columns:  # an older form, or one without merged cells
            shares = (2.0, *(1.0,) * (columns - 1))
        edges = [looks.margin]
        for share in shares:
            edges.append(edges[-1] + share * self._width / sum(shares))
        texts = {
            cell: break_lines(
                cell.text,
                looks.table_size,
                edges[cell.column + cell.column_span] - edges[cell.column] - 6,
                tears_numbers=True,
            )
            for cell in cells
        }
        header = {"application_table": 3, "dispute_table": 3}.get(table.name, 0)
        _TablePrinter(self, edges, cells, texts, header, turned).print_rows()
        if turned:
            self._new_page()
        self.at -= 6

    # -- the file -----------------------------------------------------------------------------------------------

    def _printed(self) -> bytes:
        from reportlab.pdfgen.canvas import Canvas

        buffer = io.BytesIO()
        canvas = Canvas(buffer, pagesize=_PAGE, invariant=1)
        for number, (items, size) in enumerate(zip(self.pages, self.sizes, strict=True), 1):
            canvas.setPageSize(size)
            for item in (*items, *self.marginalia(number, size)):
                _print(canvas, item)
            canvas.showPage()
        canvas.save()
        return buffer.getvalue()

    def marginalia(self, number: int, size: tuple[float, float]) -> list[tuple[Any, ...]]:
        """The header and page number of a page, counted from 1."""
        lines = []
        if self.looks.header and number > 1:
            lines.append((size[1] - 40, self.looks.header))
        if self.looks.numbering:
            lines.append((34, self.looks.numbering.format(number, len(self.pages))))
        return [("text", (size[0] - width_of(text, 9)) / 2, y, 9, text) for y, text in lines]


def _print(canvas: Any, item: tuple[Any, ...]) -> None:
    match item:
        case ("text", x, y, size, text):
            canvas.setFont(FONT, size)
            canvas.drawString(x, y, text)
        case ("line", x0, y0, x1, y1):
            canvas.setLineWidth(0.5)
            canvas.line(x0, y0, x1, y1)
        case ("bar", x, y, width, height):
            canvas.rect(x, y, width, height, stroke=0, fill=1)
        case ("box", x, y, width, height):
            canvas.setLineWidth(0.5)
            canvas.rect(x, y, width, height)
        case ("image", x, y, width, height, label):
            canvas.drawImage(_picture_of(label), x, y, width, height)


def _picture_of(label: str) -> Any:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = Image.new("RGB", (900, 300), "white")
    for at in range(0, 900, 60):
        picture.paste((40, 40, 40), (at, 0, at + 2, 300))
    for at in range(0, 300, 50):
        picture.paste((40, 40, 40), (0, at, 900, at + 2))
    picture.info["label"] = label
    return ImageReader(picture)


class _TablePrinter:
    """Prints a table's rows, over page breaks where it must."""

    def __init__(
        self,
        report: PdfReport,
        edges: list[float],
        cells: list[GridCell],
        texts: dict[GridCell, list[str]],
        header: int,
        turned: bool,
    ) -> None:
        self.report = report
        self.edges = edges
        self.cells = cells
        self.whole = texts
        self.texts = dict(texts)
        self.header = header
        self.turned = turned
        self.step = report.looks.table_size * 1.25
        rows = max(cell.row + cell.row_span for cell in cells)
        self.heights = [self._needed(cell_row) for cell_row in range(rows)]
        for cell in cells:
            if cell.row_span > 1:
                missing = len(texts[cell]) * self.step + 5 - sum(self.heights[cell.row : cell.row + cell.row_span])
                if missing > 0:
                    self.heights[cell.row + cell.row_span - 1] += missing

    def _needed(self, row: int) -> float:
        lines = [len(self.texts[cell]) for cell in self.cells if cell.row == row and cell.row_span == 1]
        return max(lines, default=1) * self.step + 5

    def print_rows(self) -> None:
        report = self.report
        first, rows = 0, len(self.heights)
        torn = False
        while first < rows:
            last, height = first, 0.0
            head = self.header if report.looks.repeats_header and first else 0
            room = report.at - report.looks.margin - sum(self.heights[:head])
            while last < rows and height + self.heights[last] <= room:
                height += self.heights[last]
                last += 1
            if last < rows and report.looks.tears_rows and last >= self.header and not torn:
                # At least one line of the row above the break and one below.
                lines = int((room - height - 5) // self.step)
                needed = max((len(self.texts[c]) for c in self.cells if c.row == last and c.row_span == 1), default=1)
                torn = 1 <= lines < needed
                if torn:
                    self._print_torn(first, last, head, lines)
                    first = last
                    report._new_page(self.turned)
                    continue
            torn = False
            if last < max(self.header, first + 1):  # a header stays together
                report._new_page(self.turned)
                continue
            self._print_part(list(range(head)), list(range(first, last)))
            first = last
            if first < rows:
                report._new_page(self.turned)

    def _print_torn(self, first: int, last: int, head: int, lines: int) -> None:
        """Print up to the row ``last``, of which only some lines have room; the others are left for the next page."""
        left_over: dict[GridCell, list[str]] = {}
        for cell in self.cells:
            if cell.row == last and cell.row_span == 1:
                left_over[cell] = self.texts[cell][lines:]
                self.texts[cell] = self.texts[cell][:lines]
        height = self.heights[last]
        self.heights[last] = lines * self.step + 5
        self._print_part(list(range(head)), list(range(first, last + 1)))
        self.heights[last] = height - lines * self.step
        self.texts.update(left_over)

    def _print_part(self, head: Sequence[int], body: Sequence[int]) -> None:
        """Print the rows on this page: a header's again, and those that it is the turn of."""
        report = self.report
        top = report.at
        tops: dict[int, float] = {}
        for row in (*head, *body):
            tops[row] = report.at
            report.at -= self.heights[row]
        for rows in (head, body):
            if not rows:
                continue
            for cell in self.cells:
                inside = [row for row in rows if cell.row <= row < cell.row + cell.row_span]
                if not inside:
                    continue
                high = tops[inside[0]]
                low = tops[inside[-1]] - self.heights[inside[-1]]
                if rows is head:
                    self.texts[cell] = self.whole[cell]
                self._print_cell(cell, high, low)
        if report.looks.rulings == "long lines":
            self._frame(top, report.at)

    def _print_cell(self, cell: GridCell, high: float, low: float) -> None:
        report = self.report
        left, right = self.edges[cell.column], self.edges[cell.column + cell.column_span]
        report.pages[-1].extend(self._rulings(left, low, right, high))
        lines = self.texts[cell]
        size = report.looks.table_size
        if cell.row_span > 1:
            fitting = max(1, int((high - low - 2) // self.step))
            lines, self.texts[cell] = lines[:fitting], lines[fitting:]
        # Words begin at the top of a cell that the break cuts, numbers stand in the middle.
        y = high - 2 - size if cell.row_span > 1 else (high + low) / 2 + len(lines) * self.step / 2 - size
        for line in lines:
            x = (left + right) / 2 - width_of(line, size) / 2 if cell.metric or cell.column_span > 3 else left + 3
            report.pages[-1].append(("text", x, y, size, line))
            y -= self.step

    def _rulings(self, left: float, low: float, right: float, high: float) -> list[tuple[Any, ...]]:
        sides = [(left, high, right, high), (left, low, right, low), (left, low, left, high), (right, low, right, high)]
        match self.report.looks.rulings:
            case "boxes":
                return [("box", left, low, right - left, high - low)]
            case "bars":
                return [("bar", min(a, c), min(b, d), abs(c - a) or 0.6, abs(d - b) or 0.6) for a, b, c, d in sides]
            case "none":
                return []
            case "across":
                return [("line", *side) for side in sides[:2]]
            case "open":  # without the outermost lines at the left and the right
                outer = (self.edges[0], self.edges[-1])
                return [("line", *side) for side in sides if not (side[0] == side[2] and side[0] in outer)]
            case _:
                return [("line", *side) for side in sides]

    def _frame(self, top: float, bottom: float) -> None:
        for x in (self.edges[0], self.edges[-1]):
            self.report.pages[-1].append(("line", x, top, x, bottom))
