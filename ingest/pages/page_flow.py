"""Makes running text out of laid-out pages: paragraphs of lines, tables over page breaks, and a Document of both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ingest.document_writer import CellText, DocumentWriter
from ingest.pages.glyph_lines import HYPHEN, first_unit_width, joined
from ingest.pages.page_layout import GridTable, Item, Page, PagePicture, TextLine
from ingest.pages.torn_tables import join_tables
from ingest.structure.headings import looks_like_level_one
from vectorstore.records import Span

_SENTENCE_ENDS = "。！？；!?"
_INDENT = 1.2
_DEEPEST_INDENT = 5.0
_FEW_LINES = 6
_LONG_LINE = 0.6
_SAME_SIZE = 1.25
_SAME_SIZE_RECOGNIZED = 1.6
_WIDEST_LEADING = 1.9
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]{1,3}部分)"
)


@dataclass(frozen=True, slots=True)
class _Placed:
    """An item with the page that it stands on."""

    page: Page
    item: Item


@dataclass(slots=True)
class _Column:
    """Where the lines of a page's text begin and end."""

    left: float
    right: float


@dataclass(slots=True)
class _Paragraph:
    """Lines that belong together; ``number`` is of the page on which it begins."""

    text: str
    number: int
    doubtful: list[Span]
    recognized: bool

    def add(self, line: TextLine, room: float, size: float) -> None:
        """Go on with a line, for whose beginning the line before had so much room left, in points."""
        self.text = joined(self.text, line.text, room=room, size=size)
        if line.doubtful:
            # A number that the break tore begins on the line before.
            self.doubtful.append(Span(max(0, len(self.text) - len(line.text) - 1), len(self.text)))

    def write(self, writer: DocumentWriter) -> None:
        """Write the paragraph; hyphens at the ends of lines become what they look like."""
        text = self.text.replace(HYPHEN, "-")
        if self.recognized:
            writer.recognized_line(text, self.doubtful, self.number)
        else:
            writer.line(text, self.number)


def _begun(placed: _Placed) -> _Paragraph:
    line = placed.item
    assert isinstance(line, TextLine)
    doubtful = [Span(0, len(line.text))] if line.doubtful else []
    return _Paragraph(line.text, placed.page.number, doubtful, line.recognized)


def write_pages(pages: Sequence[Page], writer: DocumentWriter) -> None:
    """Write the pages' items, whose headers and footers are gone, as paragraphs, tables and pictures in order."""
    items = _with_joined_tables([_Placed(page, item) for page in pages for item in page.items])
    columns = _columns(pages)
    pictures: dict[int, int] = {}
    for is_line, run in groupby(items, key=lambda placed: isinstance(placed.item, TextLine)):
        if is_line:
            for paragraph in _paragraphs(list(run), columns):
                paragraph.write(writer)
            continue
        for placed in run:
            number = placed.page.number
            if isinstance(placed.item, GridTable):
                writer.table(_rows(placed.item), number)
            elif isinstance(placed.item, PagePicture):
                pictures[number] = pictures.get(number, 0) + 1
                writer.picture(f"第{number}页图{pictures[number]}", placed.item.image, number)


def _rows(table: GridTable) -> list[list[CellText]]:
    rows: list[list[CellText]] = [[] for _ in range(table.rows)]
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
        rows[cell.row].append(CellText(cell.row, cell.column, cell.text, cell.row_span, cell.column_span))
    return rows


def _with_joined_tables(items: Sequence[_Placed]) -> list[_Placed]:
    """The items, with tables joined that end one page and begin the next."""
    joined_items: list[_Placed] = []
    last_page = 0  # on which the table that was put together so far ends
    for placed in items:
        before = joined_items[-1] if joined_items else None
        if (
            before is not None
            and isinstance(before.item, GridTable)
            and isinstance(placed.item, GridTable)
            and placed.page.number == last_page + 1
            and (table := join_tables(before.item, placed.item)) is not None
        ):
            joined_items[-1] = replace(before, item=table)
        else:
            joined_items.append(placed)
        last_page = placed.page.number
    return joined_items


def _columns(pages: Sequence[Page]) -> dict[tuple[int, int], _Column]:
    """The margins by page and column: those of its own lines where it has enough and is a scan, else of all pages."""
    alike: dict[tuple[int, int], list[TextLine]] = {}
    for page in pages:
        for line in _lines(page):
            alike.setdefault((round(page.width), line.column), []).append(line)
    columns: dict[tuple[int, int], _Column] = {}
    for page in pages:
        for column in {line.column for line in _lines(page)}:
            lines = alike[round(page.width), column]
            own = [line for line in _lines(page) if line.column == column]
            is_scan = any(line.recognized for line in own)
            columns[page.number, column] = _margins(own if is_scan and len(own) >= _FEW_LINES else lines, page.width)
    return columns


def _lines(page: Page) -> list[TextLine]:
    return [item for item in page.items if isinstance(item, TextLine)]


def _margins(lines: Sequence[TextLine], width: float) -> _Column:
    if not lines:
        return _Column(0.0, width)
    size = sorted(line.size for line in lines)[len(lines) // 2]
    prose = [line for line in lines if not line.parted] or list(lines)
    widest = max(line.box.width for line in prose)
    left = _common_start([line.box.left for line in prose], 0.3 * size)
    right = _common_end([line.box.right for line in prose if line.box.width >= _LONG_LINE * widest], 1.2 * size)
    # A text of a few short lines doesn't show where its lines end: as far from the edge as they begin, at least.
    return _Column(left, max(right, width - left - 3 * size if len(lines) < _FEW_LINES else 0.0))


def _common_start(lefts: Sequence[float], within: float) -> float:
    """The leftmost place at which lines begin again and again."""
    counts = [(left, sum(abs(left - other) <= within for other in lefts)) for left in lefts]
    often = max(2, max(count for _, count in counts) / 4)
    return min((left for left, count in counts if count >= often), default=min(lefts))


def _common_end(rights: Sequence[float], within: float) -> float:
    """The rightmost place up to which long lines reach again and again; a single wide one doesn't count."""
    counts = [(right, sum(0 <= right - other <= within for other in rights)) for right in rights]
    often = min(2, len(rights)) if len(rights) < 8 else max(2, max(count for _, count in counts) / 4)
    return max((right for right, count in counts if count >= often), default=max(rights))


def _paragraphs(lines: Sequence[_Placed], columns: dict[tuple[int, int], _Column]) -> Iterator[_Paragraph]:
    indented = _uses_indents(lines, columns)
    current: _Paragraph | None = None
    before: _Placed | None = None
    for placed in lines:
        line = placed.item
        assert isinstance(line, TextLine)
        if current is not None and before is not None:
            previous = before.item
            assert isinstance(previous, TextLine)
            room = columns[before.page.number, previous.column].right - previous.box.right
            if _goes_on(before, placed, columns, indented):
                current.add(line, room, previous.size)
                before = placed
                continue
            yield current
        current = _begun(placed)
        before = placed
    if current is not None:
        yield current


def _uses_indents(lines: Sequence[_Placed], columns: dict[tuple[int, int], _Column]) -> bool:
    """Whether paragraphs begin indented: several lines do so after the same margin."""
    count = 0
    for placed in lines:
        line = placed.item
        assert isinstance(line, TextLine)
        count += (
            _INDENT <= (line.box.left - columns[placed.page.number, line.column].left) / line.size <= _DEEPEST_INDENT
        )
    return count >= 2


def _goes_on(before: _Placed, placed: _Placed, columns: dict[tuple[int, int], _Column], indented: bool) -> bool:
    """Whether a line is the paragraph before it going on: that one was full, and this one doesn't begin anew."""
    first, second = before.item, placed.item
    assert isinstance(first, TextLine) and isinstance(second, TextLine)
    if first.recognized != second.recognized or first.parted or second.parted:
        return False
    tolerance = _SAME_SIZE_RECOGNIZED if first.recognized else _SAME_SIZE
    if max(first.size, second.size) > tolerance * min(first.size, second.size):
        return False
    own, other = columns[before.page.number, first.column], columns[placed.page.number, second.column]
    room = own.right - first.box.right
    # Had there been room for what this line begins with, the paragraph would have gone on on the line before.
    if room > first_unit_width(second.text, first.size) + 0.35 * first.size:
        return False
    same_page = before.page is placed.page
    if same_page and second.box.top - first.box.bottom > _WIDEST_LEADING * max(first.size, second.size):
        return False
    if looks_like_level_one(second.text) and not first.text.endswith(tuple("，、（(《“")):
        return False
    shift = (second.box.left - other.left) - (first.box.left - own.left)
    if shift > _INDENT * second.size:
        return False
    ended = first.text.endswith(tuple(_SENTENCE_ENDS))
    if second.box.left - other.left > _INDENT * second.size:
        # Indented as much as the line before: one-line paragraphs, unless the block as a whole is indented.
        return not ended and not _NUMBERED.match(second.text)
    return indented or not ended
