"""Reads Markdown: the text without its marks, tables with bars, grids and HTML, and pictures.

The numbers of lists stay as they are written. Every line is a line of the document, as writers of reports mean it,
unless it was evidently wrapped in mid-sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.canonical_text import canonical
from ingest.document_writer import CellText, DocumentWriter
from ingest.documents import Document, Line, Picture, Table
from ingest.html.article import find_article
from ingest.html.blocks import DataTable, Page, PageBlock, PagePicture, TextLine
from ingest.html.lists import is_enumerated
from ingest.html.page import parse_markup, write_block
from ingest.html.spaced_rows import with_spaced_tables
from ingest.structure.headings import Style, candidate
from ingest.text.flattened_text import decode, find_blocks
from ingest.text.markdown_inline import hide_escapes, read_inline
from vectorstore.errors import ReadError

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"\s{0,3}(#{1,6})(?:\s+|(?=[^\s#\d]))(.*?)(?:\s+#+)?\s*")
_RULE = re.compile(r"\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|={3,})")
_QUOTE = re.compile(r"\A(?:\s{0,3}>\s?)+")
_BULLET = re.compile(r"\A\s*[-*+]\s+(?:\[[ xX]\]\s+)?(?=\S)")
_DELIMITER = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_DEFINITION = re.compile(r"\s{0,3}\[(?!\^)([^\]]{1,100})\]:\s*<?(\S+?)>?(?:\s+[\"'(].*)?\s*")
_NOTE = re.compile(r"\A\s{0,3}\[\^[^\]\s]{1,50}\]:\s*")
_GRID_RULE = re.compile(r"\s*\+(?:[-=:]+\+)+\s*")
_HTML_OPENING = re.compile(
    r"\s{0,3}<(table|div|p|center|h[1-6]|ul|ol|dl|section|article|figure|details|pre|style|script)\b", re.IGNORECASE
)
_FRONT_MATTER = re.compile(r"\A\s*(-{3}|\+{3})[ \t]*\n(.*?)\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"""^(\w+)\s*[:=]\s*["']?(.*?)["']?\s*$""", re.MULTILINE)
_FIELD_NAMES = {"title": "title", "标题": "title"}
_FIELD_NAMES |= dict.fromkeys(("date", "日期", "发布日期", "published"), "date")
_FIELD_NAMES |= dict.fromkeys(("url", "link", "source", "来源", "permalink"), "url")
_DATE = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
_SENTENCE_END = tuple("。！？；：:;!?，、”）》】")
_SHORTEST_WRAPPED = 30
_LONGEST_HEADING_LINE = 1000
_LINKED_LINES = 3


def read_markdown(data: bytes, source: str) -> Document:
    """The Document of a Markdown text; ``title``, ``date`` and ``url`` of its front matter are its metadata.

    Raises:
        ReadError: The bytes are empty, no text, or in no encoding that is read.
    """
    text = canonical(decode(data, source)).removeprefix("\ufeff")
    metadata: dict[str, str] = {}
    if front := _FRONT_MATTER.match(text):
        metadata = _front_matter(front[2])
        text = text[front.end() :]
    reading = _Reading(text.split("\n"), source)
    blocks = reading.read()
    # What a capturing tool made of a page has the page's links around the report.
    if sum(isinstance(b, TextLine) and b.linked * 2 > len(b.text) for b in blocks) >= _LINKED_LINES:
        blocks, _ = find_article(Page(blocks))
    writer = DocumentWriter()
    for block in with_spaced_tables(blocks):
        write_block(block, writer)
    document = writer.document(source, metadata)
    if not document.blocks:
        raise ReadError(f"{source} holds marks and no text; put the report's text into it.")
    return document


def _front_matter(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for match in _FIELD.finditer(text):
        key = _FIELD_NAMES.get(match[1].lower())
        if key and match[2]:
            values.setdefault(key, match[2])
    if date := _DATE.search(values.pop("date", "")):
        values["date"] = date[0]
    if not values.get("url", "http://").startswith(("http://", "https://")):
        del values["url"]
    return values


class _Reading:
    """One text while it is read, line by line."""

    def __init__(self, lines: Sequence[str], source: str) -> None:
        self._lines = lines
        self._source = source
        self._at = 0
        self._blocks: list[PageBlock] = []
        self._addresses: dict[str, str] = {}
        for line in lines:
            if "]:" in line and (match := _DEFINITION.fullmatch(line)):
                self._addresses.setdefault(match[1].lower(), match[2])

    def read(self) -> list[PageBlock]:
        """The blocks of the whole text."""
        while self._at < len(self._lines):
            self._read_block()
        return self._blocks

    def _read_block(self) -> None:
        line = self._lines[self._at]
        if fence := _FENCE.match(line):
            self._read_fenced(fence[1])
        elif _HTML_OPENING.match(line):
            self._read_html()
        elif _GRID_RULE.fullmatch(line):
            self._read_grid()
        elif _is_piped(line) and _is_piped(self._line(self._at + 1)):
            self._read_bars()
        elif line.startswith("\t") and not _BULLET.match(line):
            self._read_flattened()
        else:
            self._read_line()

    def _line(self, number: int) -> str:
        return self._lines[number] if number < len(self._lines) else ""

    def _read_fenced(self, fence: str) -> None:
        start = self._at + 1
        end = start
        while end < len(self._lines) and not self._lines[end].lstrip().startswith(fence):
            end += 1
        self._at = end + 1
        self._add_plain("\n".join(self._lines[start:end]))

    def _read_flattened(self) -> None:
        """Lines behind tabs: cells, as a converter to plain text writes a table."""
        start = self._at
        end = start + 1
        while end < len(self._lines) and (self._lines[end].startswith("\t") or not self._lines[end].strip()):
            end += 1
        self._at = end
        self._add_plain("\n".join(self._lines[start:end]))

    def _add_plain(self, text: str) -> None:
        for block in find_blocks(text):
            if isinstance(block, Table):
                rows = [[CellText(c.row, c.column, c.span.of(text)) for c in row] for row in block.rows]
                self._blocks.append(DataTable(rows, 0))
            elif isinstance(block, Line):
                self._blocks.append(TextLine(block.span.of(text), 0))
            elif isinstance(block, Picture):
                self._add_text(block.span.of(text))

    def _read_html(self) -> None:
        """Markup up to the end of its table, or up to a blank line."""
        start = self._at
        depth = 0
        end = start
        while end < len(self._lines):
            lowered = self._lines[end].lower()
            depth += lowered.count("<table") - lowered.count("</table")
            if depth <= 0 and (not lowered.strip() or "</table" in lowered):
                break
            end += 1
        self._at = end + 1
        page = parse_markup("\n".join(self._lines[start : end + 1]), self._source, {})
        for block in page.blocks:
            block.container = 0
        self._blocks += page.blocks

    def _read_bars(self) -> None:
        """A table with bars; the row of dashes below its head is none of it."""
        rows: list[list[CellText]] = []
        lines = []
        while _is_piped(line := self._line(self._at)):
            lines.append(hide_escapes(line.strip()))
            self._at += 1
        opens, closes = (all(line.startswith("|") for line in lines), all(line.endswith("|") for line in lines))
        for line in lines:
            if _DELIMITER.fullmatch(line) and "-" in line:
                continue
            cells = line.split("|")[1 if opens else 0 : -1 if closes else None]
            rows.append([CellText(len(rows), column, self._cell(cell)) for column, cell in enumerate(cells)])
        self._blocks.append(DataTable(rows, 0))

    def _cell(self, text: str) -> str:
        return read_inline(text.strip(), self._addresses).text()

    def _read_grid(self) -> None:
        """A table drawn with +---+; a cell may go on over several lines between two rules."""
        rows: list[list[CellText]] = []
        group: list[list[str]] = []
        while _GRID_RULE.fullmatch(line := self._line(self._at)) or line.lstrip().startswith(("|", "+")):
            self._at += 1
            if _GRID_RULE.fullmatch(line):
                rows += self._grid_rows(group, len(rows))
                group = []
            else:
                group.append(hide_escapes(line.strip()).strip("|+").split("|"))
        rows += self._grid_rows(group, len(rows))
        if rows:
            self._blocks.append(DataTable(rows, 0))

    def _grid_rows(self, group: list[list[str]], first: int) -> list[list[CellText]]:
        if not group:
            return []
        # A rule through some of the columns makes rows whose cells can't be put together for certain.
        is_parted = any("+-" in cell or "-+" in cell for cells in group for cell in cells)
        if is_parted or len({len(cells) for cells in group}) > 1:
            kept = [
                cells for cells in group if not any(set(cell.strip()) <= set("+-=:") and "-" in cell for cell in cells)
            ]
            joined = kept
        else:
            joined = [["\n".join(cells) for cells in zip(*group, strict=True)]]
        return [
            [CellText(first + number, column, self._cell(cell)) for column, cell in enumerate(cells)]
            for number, cells in enumerate(joined)
        ]

    def _read_line(self) -> None:
        line = self._lines[self._at]
        self._at += 1
        if _DEFINITION.fullmatch(line) or _RULE.fullmatch(line):
            return
        if match := _heading(line):
            self._add_text(match[2])
            return
        line = _NOTE.sub("", _BULLET.sub("", _QUOTE.sub("", line)))
        if match := _heading(line):
            line = match[2]
        while self._goes_on(line):
            line = _joined(line, self._lines[self._at].strip())
            self._at += 1
        self._add_text(line.removesuffix("\\"))

    def _goes_on(self, line: str) -> bool:
        """Whether the next line is the rest of this one, wrapped in mid-sentence."""
        following = self._line(self._at)
        rest = line.rstrip()
        return (
            len(rest) >= _SHORTEST_WRAPPED
            and not line.endswith(("  ", "\\"))
            and not rest.endswith(_SENTENCE_END)
            and bool(following.strip())
            and not following.startswith(("\t", " ", ">", "#", "|", "<", "`", "~", "!"))
            and not any(p.match(following) for p in (_BULLET, _GRID_RULE, _FENCE))
            and not _RULE.fullmatch(following)
            and not _is_piped(following)
            and not is_enumerated(following)
            and not _is_numbered(rest)
        )

    def _add_text(self, line: str) -> None:
        inline = read_inline(line.strip(), self._addresses)
        linked = inline.linked
        for part in inline.parts:
            if isinstance(part, PagePicture):
                self._blocks.append(part)
                continue
            for text in part.split("\n"):
                if text.strip():
                    self._blocks.append(TextLine(text.strip(), 0, min(linked, len(text))))


def _heading(line: str) -> re.Match[str] | None:
    # Behind a very long line there is no heading, and trying would take its square.
    return _HEADING.fullmatch(line) if len(line) <= _LONGEST_HEADING_LINE else None


def _is_numbered(line: str) -> bool:
    """Whether a line is a numbered heading, which ends without a mark and doesn't go on."""
    found = candidate(line)
    return found is not None and found.style is not Style.NONE


def _is_piped(line: str) -> bool:
    return "|" in line and not line.startswith("\t") and bool(line.replace("|", "").strip())


def _joined(line: str, following: str) -> str:
    """Two lines as one; a space parts them where either side is no Chinese text."""
    line = line.rstrip()
    is_wide = line[-1:] > "\u2e7f" and following[:1] > "\u2e7f"
    return line + ("" if is_wide else " ") + following
