"""Word: the answer with its tables, and the references in GB/T 7714—2015 with their quotes.

Tables and references are written as XML: python-docx looks for each cell anew, which takes minutes for a long table.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape as escape_xml

from assistant.answering.citations import MARKER
from assistant.export.characters import marked, number_text, one_line, printable, quoted_line, runs
from assistant.export.document import Cell, ExportDocument, ExportTable, as_read, sections_behind
from assistant.export.gbt7714 import by_publication, place_in
from assistant.export.words import say

_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = "nianbao-part"
_TEXT_FONTS = ("Times New Roman", "宋体")
_HEADING_FONTS = ("Arial", "黑体")
_WIDE = 7
"""Columns of a table from which on the page lies on its side."""
_MOMENT = datetime(2000, 1, 1)
# A zip archive can't hold an earlier one.
_ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)


def write(document: ExportDocument) -> bytes:
    """A Word document."""
    import docx

    file = docx.Document()
    tables = [as_read(table) for table in document.tables]
    _set_up(file, document, is_wide=any(len(table.columns) >= _WIDE for table in tables))
    parts = _Parts(file)
    known = frozenset(one.n for one in document.references)
    file.add_heading(one_line(document.title), 0)
    for one in document.paragraphs:
        _add_paragraph(file, one.text, known, "List Bullet" if one.is_item else None)
    for table in tables:
        file.add_heading(one_line(table.title), 1)
        parts.add(_table_xml(table, known, _width_of(file)))
    for heading, said in sections_behind(document):
        file.add_heading(heading, 1)
        for sentence in said:
            _add_paragraph(file, sentence, known)
    if document.references:
        file.add_heading(say(document.language, "heading.references"), 1)
        parts.add("".join(_reference_xml(document)))
    elif tables:
        # Word wants a paragraph behind the last table.
        file.add_paragraph()
    stream = io.BytesIO()
    file.save(stream)
    return _rewritten(stream, parts)


def _set_up(file: Any, document: ExportDocument, *, is_wide: bool) -> None:
    """Page, fonts, properties, and a page number at the foot."""
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.shared import Cm, Pt, RGBColor

    section = file.sections[0]
    section.page_width, section.page_height = (Cm(29.7), Cm(21)) if is_wide else (Cm(21), Cm(29.7))
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2.2)
    for style, size, fonts in (
        ("Normal", 10.5, _TEXT_FONTS), ("Title", 18, _HEADING_FONTS), ("Heading 1", 13, _HEADING_FONTS),
        ("List Bullet", 10.5, _TEXT_FONTS),
    ):  # fmt: skip
        font = file.styles[style].font
        font.size, font.name, font.color.rgb = Pt(size), fonts[0], RGBColor(0x1A, 0x1A, 0x1A)
        given = file.styles[style].element.rPr.rFonts
        for name in list(given.attrib):
            # A theme's font would win over the font that is named.
            if name.endswith("Theme"):
                del given.attrib[name]
        for script, name in (("ascii", fonts[0]), ("hAnsi", fonts[0]), ("cs", fonts[0]), ("eastAsia", fonts[1])):
            given.set(f"{_W}{script}", name)
    title = file.styles["Title"].element.pPr
    for border in title.findall(f"{_W}pBdr"):
        title.remove(border)
    file.styles["Normal"].paragraph_format.space_after = Pt(6)
    properties = file.core_properties
    properties.title, properties.author = one_line(document.title)[:255], "Nianbao"
    properties.comments, properties.language = "", "zh-CN" if document.language == "zh" else "en-GB"
    properties.created = properties.modified = properties.last_printed = _MOMENT
    properties.last_modified_by, properties.revision = "Nianbao", 1
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot._p.append(parse_xml(f'<w:fldSimple {_NAMESPACE} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))


def _width_of(file: Any) -> int:
    """Of the text, in twentieths of a point."""
    section = file.sections[0]
    return int((section.page_width - section.left_margin - section.right_margin) / 635)


class _Parts:
    """Long parts of a document, written as XML into its file at the very end: a tree of them takes seconds."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._parts: list[str] = []

    def add(self, xml: str) -> None:
        """Elements to stand behind what the document holds so far."""
        from lxml import etree

        # A processing instruction marks the place: no text can be taken for one.
        place = etree.ProcessingInstruction(_PLACE, str(len(self._parts)))
        # The section's own settings must come last.
        self._file.element.body.sectPr.addprevious(place)
        self._parts.append(xml)

    def put_in(self, xml: bytes) -> bytes:
        """The document's own XML with the parts in their places."""
        place = re.compile(rf"<\?{_PLACE} (\d+)\?>".encode())
        return place.sub(lambda found: self._parts[int(found[1])].encode(), xml)


def _add_paragraph(file: Any, text: str, known: frozenset[int], style: str | None = None) -> None:
    paragraph = file.add_paragraph(style=style)
    from docx.oxml import parse_xml

    for xml in _marked_runs(printable(text), known):
        paragraph._p.append(parse_xml(xml.replace(">", f" {_NAMESPACE}>", 1)))


def _run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape_xml(text)}</w:t></w:r>'


def _marker_run(n: int, shown: str, properties: str = "") -> str:
    return f'<w:hyperlink w:anchor="reference{n}" w:history="1">{_run(shown, properties)}</w:hyperlink>'


def _marked_runs(text: str, known: frozenset[int]) -> Iterator[str]:
    """The text as runs; ``[n]`` of a reference raised, and leading to it."""
    position = 0
    for found in MARKER.finditer(text):
        n = int(found[1])
        if n in known:
            if found.start() > position:
                yield _run(text[position : found.start()])
            yield _marker_run(n, found[0], '<w:vertAlign w:val="superscript"/>')
            position = found.end()
    if position < len(text):
        yield _run(text[position:])


def _table_xml(table: ExportTable, known: frozenset[int], width: int) -> str:
    """The table, whose first row is repeated on every page that it goes on to."""
    widths = _column_widths(table, width)
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{color}"/>'
        for side, size, color in (("top", 8, "1A1A1A"), ("bottom", 8, "1A1A1A"), ("insideH", 4, "BFBFBF"))
    )
    rights = [column.kind == "number" and not column.is_id for column in table.columns]
    parts = [
        f'<w:tbl><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>',
        *(f'<w:gridCol w:w="{one}"/>' for one in widths),
        "</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>",
        *(
            _cell_xml(_run(one_line(column.name), f"<w:b/>{_SMALL}"), at, is_right, _SHADED)
            for at, column, is_right in zip(widths, table.columns, rights, strict=True)
        ),
        "</w:tr>",
    ]
    for row in table.rows:
        cells = zip(row, widths, rights, strict=True)
        parts += (
            "<w:tr><w:trPr><w:cantSplit/></w:trPr>",
            *(_cell_xml(_content(cell, known), wide, is_right) for cell, wide, is_right in cells),
            "</w:tr>",
        )
    parts.append("</w:tbl>")
    return "".join(parts)


def _cell_xml(content: str, width: int, is_right: bool, look: str = "") -> str:
    justified = '<w:jc w:val="right"/>' if is_right else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{look}</w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/>{justified}</w:pPr>{content}</w:p></w:tc>'
    )


_SHADED = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>'
_SMALL = '<w:sz w:val="18"/>'


_QUOTED = '<w:color w:val="595959"/><w:sz w:val="18"/>'


def _content(cell: Cell, known: frozenset[int]) -> str:
    if isinstance(cell, tuple):
        return "".join(
            _marker_run(first, shown, _SMALL) if first in known else _run(shown, _SMALL)
            for first, last in runs(cell)
            for shown in (f"[{first}]" if first == last else f"[{first}–{last}]",)
        )
    return _run(one_line(cell or "") if cell is None or isinstance(cell, str) else number_text(cell), _SMALL)


def _column_widths(table: ExportTable, width: int) -> list[int]:
    """Shares of the width after what the first rows hold: no column starved, and none that takes all."""
    wanted = [_length(column.name) for column in table.columns]
    for row in table.rows[:100]:
        wanted = [max(known, _length(cell)) for known, cell in zip(wanted, row, strict=True)]
    bounded = [min(max(one, 5), 34) for one in wanted]
    return [width * one // sum(bounded) for one in bounded]


def _length(cell: Cell) -> int:
    if isinstance(cell, tuple):
        return min(12, 4 * len(cell))
    text = cell if isinstance(cell, str) else "" if cell is None else number_text(cell)
    return sum(2 if character > "\u2e7f" else 1 for character in text)


def _reference_xml(document: ExportDocument) -> Iterator[str]:
    """Of each publication a paragraph, and below it one for each place with its quote; markers lead to the number."""
    for reference, places in by_publication(document.references):
        is_one = len(places) == 1
        mark = _target(places[0].n, "") if is_one else _run(f"{marked(one.n for one in places)} ")
        yield (
            f'<w:p><w:pPr><w:keepNext/><w:spacing w:before="80" w:after="0"/>'
            f'<w:ind w:left="480" w:hanging="480"/></w:pPr>{mark}{_run(reference)}</w:p>'
        )
        for one in places:
            said = f"{place_in(one.reference, document.language)}“{quoted_line(one.quote)}”"
            number = "" if is_one else _target(one.n, _QUOTED)
            yield (
                f'<w:p><w:pPr><w:spacing w:after="40"/><w:ind w:left="480"/></w:pPr>{number}{_run(said, _QUOTED)}</w:p>'
            )


def _target(n: int, properties: str) -> str:
    """The number of a reference, to which its markers lead."""
    run = _run(f"[{n}] ", properties)
    return f'<w:bookmarkStart w:id="{n}" w:name="reference{n}"/>{run}<w:bookmarkEnd w:id="{n}"/>'


def _rewritten(stream: io.BytesIO, parts: _Parts) -> bytes:
    """The archive with the parts in it, and one date for all its files: two documents of one answer are equal."""
    written = io.BytesIO()
    with zipfile.ZipFile(stream) as given, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as kept:
        for item in given.infolist():
            content = given.read(item)
            if item.filename == "word/document.xml":
                content = parts.put_in(content)
            kept.writestr(zipfile.ZipInfo(item.filename, _ZIP_MOMENT), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()
