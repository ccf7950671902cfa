"""Excel: the tables, then the text, then a sheet of everything cited, with quotes and links to it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from assistant.export.characters import marked, number_text, printable
from assistant.export.document import Cell, Column, ExportDocument, ExportTable, sections_behind
from assistant.export.reference_table import NAMES, reference_table
from assistant.export.words import say

MOST_CHARACTERS = 32_767
"""Of a cell."""
_MOST_ROWS = 1_048_575
"""Of a sheet, below its head."""
_MOST_LINKS = 60_000
"""Of a sheet; Excel takes 65,530."""
_MEASURED = 200
_WIDTHS = (8, 60)
"""Least and greatest width of a column, in characters of the Latin alphabet."""
_PAGE_LETTERS = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


class _Sheets:
    """A workbook being written: names, formats, and where each reference will stand."""

    def __init__(self, workbook: Any, document: ExportDocument) -> None:
        self.workbook = workbook
        self.document = document
        self._taken: set[str] = set()
        self.head = workbook.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
        self.text = workbook.add_format({"valign": "top", "text_wrap": True})
        self.number = workbook.add_format({"valign": "top", "num_format": "#,##0"})
        # Also of fractions and of what is no amount, such as a year.
        self.plain_number = workbook.add_format({"valign": "top"})
        self.unknown = workbook.add_format({"valign": "top", "bg_color": "#F2F2F2"})
        self.link = workbook.add_format({"valign": "top", "font_color": "#0B5394", "underline": 1})
        self.title = workbook.add_format({"bold": True, "font_size": 14, "valign": "top", "text_wrap": True})
        self.reference_sheet = self.name(say(document.language, "heading.references"))
        self.reference_rows = dict(_reference_rows(document))

    def name(self, wanted: str) -> str:
        """A sheet's name made from a title: without what Excel forbids, at most 31 characters, not taken yet."""
        plain = _PAGE_LETTERS.sub(" ", printable(wanted)).strip(" '")[:31] or "Sheet"
        name, number = plain, 2
        while name.casefold() in self._taken:
            suffix = f" ({number})"
            name, number = plain[: 31 - len(suffix)] + suffix, number + 1
        self._taken.add(name.casefold())
        return name

    def add(self, name: str) -> Any:
        """A new sheet, printed on pages as wide as it."""
        sheet = self.workbook.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet


def _reference_rows(document: ExportDocument) -> Iterator[tuple[int, int]]:
    """The row in which each reference begins; a quote that is longer than a cell goes on in the next ones."""
    row = 1
    for one in document.references:
        yield one.n, row
        row += max(1, -(-len(one.quote) // MOST_CHARACTERS))


def write(document: ExportDocument) -> bytes:
    """An Excel workbook. An unknown number is an empty, grey cell; its state stands in words beside it."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    workbook = xlsxwriter.Workbook(stream, options)
    # The moment of writing would make two files of one answer differ.
    workbook.set_properties({"title": printable(document.title)[:255], "created": datetime(2000, 1, 1)})
    sheets = _Sheets(workbook, document)
    for table in document.tables:
        _write_table(sheets, table)
    if document.paragraphs or document.coverage or document.warnings or not document.tables:
        _write_text(sheets)
    if document.references:
        _write_references(sheets)
    workbook.close()
    return stream.getvalue()


def _write_table(sheets: _Sheets, table: ExportTable) -> None:
    """The table on a sheet, and on further ones where it has more rows than a sheet takes."""
    rows = iter(table.rows)
    widths = _widths(table)
    is_first = True
    while (part := list(islice(rows, _MOST_ROWS))) or is_first:
        is_first = False
        sheet = sheets.add(sheets.name(table.title))
        _write_head(sheets, sheet, table.columns, widths)
        links = 0
        for at, row in enumerate(part, start=1):
            for column, cell in enumerate(row):
                if table.columns[column].kind == "citations" and links < _MOST_LINKS:
                    links += _write_citations(sheets, sheet, at, column, cell)
                else:
                    _write_cell(sheets, sheet, at, column, cell, table.columns[column])
        if part:
            sheet.autofilter(0, 0, len(part), len(table.columns) - 1)


def _write_head(sheets: _Sheets, sheet: Any, columns: tuple[Column, ...], widths: list[int]) -> None:
    for at, column in enumerate(columns):
        sheet.set_column(at, at, widths[at])
        sheet.write_string(0, at, _literal(printable(column.name)[:MOST_CHARACTERS]), sheets.head)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)


def _widths(table: ExportTable) -> list[int]:
    widths = [_width(column.name) + 3 for column in table.columns]
    for row in islice(iter(table.rows), _MEASURED):
        widths = [max(known, _width(_as_text(cell)) + 1) for known, cell in zip(widths, row, strict=True)]
    return [min(max(width, _WIDTHS[0]), _WIDTHS[1]) for width in widths]


def _width(text: str) -> int:
    # A Chinese character is as wide as two Latin ones.
    return max((sum(2 if character > "\u2e7f" else 1 for character in line) for line in text.splitlines()), default=0)


def _literal(text: str) -> str:
    """Text that XlsxWriter writes as it is: what begins and ends like its rich strings goes in as XML of its own."""
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _as_text(cell: Cell) -> str:
    if isinstance(cell, tuple):
        return marked(cell)
    return cell if isinstance(cell, str) else "" if cell is None else number_text(cell)


def _write_cell(sheets: _Sheets, sheet: Any, row: int, at: int, cell: Cell, column: Column) -> None:
    if cell is None:
        is_unknown = column.kind == "number" and not column.is_id
        sheet.write_blank(row, at, None, sheets.unknown if is_unknown else sheets.text)
    elif isinstance(cell, int | Decimal) and _is_exact(cell):
        is_amount = not column.is_id and cell == cell // 1
        sheet.write_number(row, at, float(cell), sheets.number if is_amount else sheets.plain_number)
    else:
        text = printable(_as_text(cell))
        if len(text) > MOST_CHARACTERS:
            note = say(sheets.document.language, "reference.cell_cut", count=len(text))
            text = text[: MOST_CHARACTERS - len(note)] + note
        sheet.write_string(row, at, _literal(text), sheets.text)


def _is_exact(number: int | Decimal) -> bool:
    """Whether Excel, which keeps fifteen digits, keeps the number; else it is written as text."""
    digits = number_text(number).replace(".", "").strip("-0")
    # A quotient has more digits than can be told apart, and is none the worse for it.
    return len(digits) <= 15 or (isinstance(number, Decimal) and number != number.to_integral_value())


def _write_citations(sheets: _Sheets, sheet: Any, row: int, at: int, cell: Cell) -> int:
    """The numbers, linked to the first of them on the sheet of references; how many links that took."""
    numbers = cell if isinstance(cell, tuple) else ()
    text = marked(numbers)
    target = sheets.reference_rows.get(min(numbers)) if numbers else None
    if target is None or len(text) > MOST_CHARACTERS:
        _write_cell(sheets, sheet, row, at, text, Column("", "text"))
        return 0
    sheet.write_url(row, at, f"internal:'{sheets.reference_sheet}'!A{target + 1}", sheets.link, text)
    return 1


def _write_text(sheets: _Sheets) -> None:
    document, language = sheets.document, sheets.document.language
    sheet = sheets.add(sheets.name(say(language, "heading.answer")))
    sheet.set_column(0, 0, 110)
    lines: list[tuple[str, Any]] = [(document.title, sheets.title)]
    lines += [(f"• {one.text}" if one.is_item else one.text, sheets.text) for one in document.paragraphs]
    for heading, said in sections_behind(document):
        lines.append((heading, sheets.head))
        lines += [(one, sheets.text) for one in said]
    row = 0
    for line, form in lines:
        text = printable(line)
        for begin in range(0, max(1, len(text)), MOST_CHARACTERS):
            sheet.write_string(row, 0, _literal(text[begin : begin + MOST_CHARACTERS]), form)
            row += 1


def _write_references(sheets: _Sheets) -> None:
    table = reference_table(sheets.document)
    sheet = sheets.add(sheets.reference_sheet)
    _write_head(sheets, sheet, table.columns, _widths(table))
    quote_at, url_at = NAMES.index("quotes"), NAMES.index("url")
    links = 0
    for row, one in zip(table.rows, sheets.document.references, strict=True):
        first = sheets.reference_rows[one.n]
        for at, cell in enumerate(row):
            address = _web_address(cell) if at == url_at else None
            if at == quote_at:
                _write_cell(sheets, sheet, first, at, str(cell)[:MOST_CHARACTERS], table.columns[at])
            elif address and links < _MOST_LINKS:
                links += 1
                sheet.write_url(first, at, address, sheets.link, address)
            else:
                _write_cell(sheets, sheet, first, at, cell, table.columns[at])
        quote = str(row[quote_at])
        for following, begin in enumerate(range(MOST_CHARACTERS, len(quote), MOST_CHARACTERS), start=first + 1):
            sheet.write_string(following, quote_at, _literal(quote[begin : begin + MOST_CHARACTERS]), sheets.text)


def _web_address(cell: Cell) -> str | None:
    """An address that may be a link: of the web, and of a length that Excel takes."""
    is_one = isinstance(cell, str) and re.fullmatch(r"https?://[^\s\"<>]{1,1000}", printable(cell)) is not None
    return str(cell) if is_one else None
