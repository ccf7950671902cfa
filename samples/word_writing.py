"""Writes a draft as a Word file (.docx): numbers that Word counts itself, merged cells, traces of editing.

What a reader of the printed page sees is what the draft says. Deleted and hidden text holds numbers that are not its.
"""

from __future__ import annotations

import io
import random
import zipfile

from samples import word_markup as markup
from samples.draft import Block, Draft, FormTable, Heading, Paragraph, Picture
from samples.grid import GridCell, grid

_NUMBER_FORMATS = ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital")
_STRICT = (
    (b"http://schemas.openxmlformats.org/wordprocessingml/2006/", b"http://purl.oclc.org/ooxml/wordprocessingml/"),
    (b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/"),
    (b"http://schemas.openxmlformats.org/drawingml/2006/", b"http://purl.oclc.org/ooxml/drawingml/"),
)
_STYLE = "partHeading"
_EPOCH = (2024, 1, 31, 9, 0, 0)


def write_word(draft: Draft, rng: random.Random) -> bytes:
    """The report as .docx. ``rng`` decides how it is laid out and what editing left in it."""
    return WordFile(draft, rng).write()


class WordFile:
    """One report being written."""

    def __init__(self, draft: Draft, rng: random.Random) -> None:
        from docx import Document

        self.draft = draft
        self.rng = rng
        self.document = Document()
        self.is_numbered = rng.random() < 0.6
        self.is_styled = rng.random() < 0.5
        self.is_tracked = rng.random() < 0.4
        self.parts: list[str] = []
        self.counts = [0, 0]
        # Runs of a paragraph that goes on with the next block, and its properties.
        self.open = self.properties = ""

    def write(self) -> bytes:
        self._define_lists()
        draft, rng = self.draft, self.rng
        self._paragraph(self._runs(draft.title), '<w:jc w:val="center"/>')
        if rng.random() < 0.2:
            box = markup.text_box(markup.paragraph(self._runs(draft.notice)))
            self._paragraph(box)
        else:
            self._paragraph(self._runs(draft.notice))
        for block in draft.blocks:
            self._block(block)
        self._close()
        for line in (*draft.signature, draft.notice):
            self._paragraph(self._runs(line), '<w:jc w:val="right"/>')
        self._fill_body()
        section = self.document.sections[0]
        section.header.paragraphs[0].text = "政府信息公开年度报告 第1页"
        section.footer.paragraphs[0].text = "— 1 —"
        self.document.core_properties.title = rng.choice((draft.title, ""))
        out = io.BytesIO()
        self.document.save(out)
        return _repacked(out.getvalue(), is_strict=rng.random() < 0.1)

    def _block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self._heading(block)
        elif isinstance(block, Paragraph):
            self.open += self._runs("".join(sentence.text() for sentence in block.sentences))
            self._close()
        elif isinstance(block, FormTable):
            self._close()
            self._table(block)
        else:
            self._picture(block)

    def _define_lists(self) -> None:
        """Add the list that headings are numbered by, in place of python-docx's own."""
        from docx.oxml import parse_xml

        style = self.document.styles.add_style(_STYLE, 1)
        if self.is_numbered and self.is_styled:
            style.element.get_or_add_pPr().append(
                parse_xml(f'<w:numPr {markup.NAMESPACES}><w:numId w:val="50"/></w:numPr>')
            )
        definition = markup.NUMBERING.format(
            first=self.rng.choice(_NUMBER_FORMATS), second=self.rng.choice(_NUMBER_FORMATS[:3]), style=_STYLE
        )
        numbering = self.document.part.numbering_part.element
        for element in list(numbering):
            numbering.remove(element)
        numbering.extend(list(parse_xml(definition)))

    def _heading(self, heading: Heading) -> None:
        level = heading.level - 1
        style = f'<w:pStyle w:val="{_STYLE}"/>' if level == 0 and self.is_styled else ""
        is_counted = not heading.arabic and heading.mark is None and self.counts[level] + 1 == heading.number
        # A picture that the heading is glued to stands before its text, and would stand behind its number.
        if self.is_numbered and is_counted and not self.open:
            self.counts[level] += 1
            self.counts[level + 1 :] = [0] * len(self.counts[level + 1 :])
            text = heading.title
            place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="50"/></w:numPr>'
            properties = style if style else place
        else:
            text = heading.text()
            properties = f'{style}<w:numPr><w:numId w:val="0"/></w:numPr>'
        bookmark = '<w:bookmarkStart w:id="3" w:name="_GoBack"/>' if "bookmarks" in self.draft.noise else ""
        self.open += bookmark + self._runs(text + ("。" if heading.run_in else ""))
        if heading.run_in:
            self.properties = properties
        else:
            self._close(properties)

    def _close(self, properties: str = "") -> None:
        """End the paragraph that is open."""
        if self.open:
            self.parts.append(markup.paragraph(self.open, properties or self.properties))
        self.open, self.properties = "", ""

    def _paragraph(self, runs: str, properties: str = "") -> None:
        self.parts.append(markup.paragraph(runs, properties))

    def _runs(self, text: str) -> str:
        return markup.varied(text, self.rng, is_tracked=self.is_tracked)

    def _picture(self, picture: Picture) -> None:
        self._close()
        data = markup.blank_picture(self.rng.randint(300, 400), self.rng.randint(90, 130), self.rng.randint(160, 255))
        identifier, _ = self.document.part.get_or_add_image(io.BytesIO(data))
        kind = self.rng.choice(("inline", "inline", "anchor", "vml"))
        # A heading behind a floating picture comes before it: the picture hangs on the heading's paragraph.
        if picture.glued and kind == "anchor":
            kind = "inline"
        self.open = markup.vml_picture(identifier) if kind == "vml" else markup.picture(identifier, kind)
        if not picture.glued:
            self._close()

    def _table(self, table: FormTable) -> None:
        rows = grid(table)
        written = markup.table(rows, [[self._cell(cell) for cell in row] for row in rows], self.rng)
        if self.is_tracked and self.rng.random() < 0.5:
            written = written.replace("</w:tbl>", f"{self._deleted_row()}</w:tbl>")
        self.parts.append(markup.frame(written) if self.rng.random() < 0.15 else written)
        self._paragraph("")

    def _deleted_row(self) -> str:
        gone = [markup.paragraph(markup.deleted(text, self.rng)) for text in ("行政许可", "77")]
        cells = "".join(f"<w:tc>{paragraph}</w:tc>" for paragraph in gone)
        return f'<w:tr><w:trPr><w:del w:id="8" w:author="审核" w:date="2024-01-05T09:00:00Z"/></w:trPr>{cells}</w:tr>'

    def _cell(self, cell: GridCell) -> str:
        text, noise = cell.text, self.draft.noise
        if cell.metric:
            if "padded_cells" in noise and self.rng.random() < 0.1:
                text = f"\N{NO-BREAK SPACE}{text}"
            return markup.paragraph(self._runs(text) if self.rng.random() < 0.1 else markup.run(text))
        if "wrapped_labels" in noise and cell.is_leaf and 3 < len(text) < 7 and self.rng.random() < 0.4:
            parts = [text[:2], text[2:]]
            if self.rng.random() < 0.5:
                return "".join(markup.paragraph(markup.run(part)) for part in parts)
            return markup.paragraph(markup.run("\n".join(parts)))
        return markup.paragraph(self._runs(text))

    def _fill_body(self) -> None:
        from docx.oxml import parse_xml

        content = "".join(self.parts)
        if self.rng.random() < 0.08:
            content = markup.frame(content)
        body = self.document.element.body
        for at, element in enumerate(list(parse_xml(f"<w:body {markup.NAMESPACES}>{content}</w:body>"))):
            body.insert(at, element)


def _repacked(data: bytes, *, is_strict: bool) -> bytes:
    """The package with a fixed date, so that the same draft gives the same bytes; in the strict namespaces if asked."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as repacked:
        for name in package.namelist():
            part = package.read(name)
            if is_strict and name.endswith((".xml", ".rels")):
                for transitional, strict in _STRICT:
                    part = part.replace(transitional, strict)
            repacked.writestr(zipfile.ZipInfo(name, _EPOCH), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()
