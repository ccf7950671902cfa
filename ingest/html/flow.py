"""Turns markup into the blocks of a page: what stands on a line of its own, what is a table, what nobody sees.

The parser calls ``start``, ``data`` and ``end`` as it goes, so that no tree is built: nesting may be as deep as a
broken page makes it, and memory follows the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from ingest.canonical_text import canonical
from ingest.document_writer import CellText
from ingest.documents import Line, Table
from ingest.html.blocks import Container, DataTable, Page, PageBlock, SourceTable, TextLine
from ingest.html.elements import LISTS, PREFORMATTED, STRUCTURAL, is_hidden, is_skipped, kind_of
from ingest.html.lists import NumberedList, is_enumerated
from ingest.html.open_table import OpenTable
from ingest.html.pictures import picture_of
from ingest.html.tables import settle_table
from ingest.html.words import names_furniture, page_words
from ingest.text.flattened_text import find_blocks
from vectorstore.errors import ReadError

_MOST_ELEMENTS = 500_000
_DEEPEST_TABLE = 100
_SHORTEST_FRAGMENT = 60
_MOST_FRAGMENTS = 10
_INSIDE_TABLES = frozenset(("group", "row", "cell"))
_HANDLED = frozenset(("block", "table", "br", "img", "a", "sup", "title", "meta", "link", "input", *_INSIDE_TABLES))
_NONE: Mapping[str, str] = {}
_SPACES = re.compile(r"[ \t\r\n\f]+")
# A line end in the source between two wide characters is none for the reader (CSS Text, segment break rules).
_WIDE = "[\u2014\u2018-\u201d\u2026\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003ffff]"
_WRAPPED = re.compile(rf"(?<={_WIDE})[ \t\f]*[\r\n]\s*(?={_WIDE})")
_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\xad]*")
_ATTACHMENT = re.compile(r"[^/?=&\s]{1,200}\.(?:pdf|docx?|wps|ofd)\b", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\s*\d{1,2}\s*")


class PageFlow:
    """Collects a page; the target of a parser.

    Args:
        source: How the file is called in messages.
        parts: The files that came with the page, by address.
        show_hidden: Read also what the page hides, for pages that a script is to open.
    """

    def __init__(self, source: str, parts: Mapping[str, bytes], *, show_hidden: bool = False) -> None:
        self.page = Page()
        self._source = source
        self._parts = parts
        self._show_hidden = show_hidden
        self._elements = 0
        self._skipping = 0
        self._capture: list[str] | None = None
        self._open: list[tuple[str, object]] = []
        self._sink: list[PageBlock] = self.page.blocks
        self._container = 0
        self._pieces: list[str] = []
        self._links = 0
        self._linked = 0
        self._preformatted = 0
        self._tables: list[OpenTable] = []
        self._lists: list[NumberedList | None] = []
        self._marker = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise ReadError(
                f"{self._source} has more than {_MOST_ELEMENTS:,} elements; save the report without what is around it."
            )
        if self._skipping:
            self._skipping += 1
            return
        # The parser's own mapping is slow to ask.
        attributes = dict(attributes) if attributes else _NONE
        if is_skipped(tag):
            self._note_attachment(attributes.get("src") or attributes.get("data") or "")
            self._skipping = 1
            self._capture = [] if tag == "textarea" else None
            return
        if attributes and not self._show_hidden and is_hidden(attributes):
            self.page.has_hidden = True
            self._skipping = 1
            return
        kind = kind_of(tag, attributes)
        if kind in _INSIDE_TABLES and not self._tables:
            kind = "block"
        if kind in _HANDLED:
            self._begin(kind, tag, attributes)
        else:
            self._open.append((kind, None))

    def _begin(self, kind: str, tag: str, attributes: Mapping[str, str]) -> None:
        saved: object = None
        match kind:
            case "block":
                saved = self._start_block(tag, attributes)
            case "table":
                if len(self._tables) >= _DEEPEST_TABLE:
                    raise ReadError(f"{self._source} has tables nested too deep to be followed; save the report alone.")
                if self._preformatted:
                    self._preformatted = 0
                    self._keep_preformatted()
                self._flush()
                saved = self._container
                self._enclose(tag, attributes)
                self._tables.append(OpenTable(SourceTable(self._container), self._sink))
                self._sink = self._tables[-1].outside
            case "group":
                self._flush()
                self._tables[-1].close_row()
                self._tables[-1].start_group(is_foot=tag == "tfoot")
                self._sink = self._tables[-1].outside
            case "row":
                self._flush()
                self._tables[-1].start_row()
                self._sink = self._tables[-1].outside
            case "cell":
                self._flush()
                saved = self._container
                self._enclose(tag, attributes)
                self._sink = self._tables[-1].start_cell(attributes)
            case "br":
                self._break()
            case "img":
                self._add_picture(attributes)
            case "a":
                saved = bool((attributes.get("href") or "").strip(" #"))
                self._note_attachment(attributes.get("href") or "")
                self._links += bool(saved)
            case "sup":
                saved = len(self._pieces)
            case "title":
                if not self.page.title:
                    self._capture = []
                self._skipping = 1
                return
            case "meta" | "link" | "input":
                self._note(tag, attributes)
        self._open.append((kind, saved))

    def data(self, text: str) -> None:
        """Characters."""
        if self._skipping:
            if self._capture is not None:
                self._capture.append(text)
            return
        self._pieces.append(text)
        if self._links:
            self._linked += len(text.strip())

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._skipping:
            self._skipping -= 1
            if not self._skipping and self._capture is not None:
                self._keep_captured(tag)
            return
        if not self._open:
            return
        kind, saved = self._open.pop()
        if kind not in _HANDLED:
            return
        match kind:
            case "block":
                self._end_block(tag, saved)
            case "table":
                self._flush()
                self._end_table()
                self._container = saved if isinstance(saved, int) else 0
            case "group" | "row":
                self._flush()
                self._tables[-1].close_row()
                if kind == "group":
                    self._tables[-1].close_group()
                self._sink = self._tables[-1].outside
            case "cell":
                self._flush()
                self._sink = self._tables[-1].outside
                self._container = saved if isinstance(saved, int) else 0
            case "a":
                self._links -= bool(saved)
            case "sup":
                self._drop_footnote(saved)

    def close(self) -> Page:
        """The page ends, wherever the file stopped."""
        self._flush()
        while self._tables:
            self._end_table()
        return self.page

    def _keep_captured(self, tag: str) -> None:
        text = "".join(self._capture or ())
        self._capture = None
        if tag == "title":
            self.page.title = " ".join(text.split())
        else:
            self._keep_fragment(text)

    def _enclose(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open a container, unless the element is one of the many that neither a name nor a kind sets apart."""
        is_furniture = tag in page_words().furniture_tags
        if "class" in attributes or "id" in attributes:
            is_furniture |= names_furniture(f"{attributes.get('class', '')} {attributes.get('id', '')}")
        if not is_furniture and tag not in STRUCTURAL:
            return
        self.page.containers.append(Container(self._container, is_furniture))
        self._container = len(self.page.containers) - 1

    def _start_block(self, tag: str, attributes: Mapping[str, str]) -> object:
        if self._preformatted:
            self._pieces.append("\n")
            return None
        self._flush()
        saved = self._container
        self._enclose(tag, attributes)
        if tag in LISTS:
            self._lists.append(NumberedList(attributes) if tag == "ol" else None)
        elif tag == "li" and self._lists and (numbered := self._lists[-1]):
            self._marker = numbered.marker(attributes)
        elif tag in PREFORMATTED:
            self._preformatted += 1
        return saved

    def _end_block(self, tag: str, saved: object) -> None:
        if self._preformatted and saved is None:
            self._pieces.append("\n")
            return
        if self._preformatted and tag in PREFORMATTED:
            self._preformatted = 0
            self._keep_preformatted()
        self._flush()
        self._container = saved if isinstance(saved, int) else self._container
        if tag in LISTS and self._lists:
            self._lists.pop()
        elif tag == "li":
            self._marker = ""

    def _break(self) -> None:
        if self._preformatted:
            self._pieces.append("\n")
        else:
            self._flush()

    def _flush(self) -> None:
        """End the line."""
        if not self._pieces or self._preformatted:
            return
        text = "".join(self._pieces)
        self._pieces.clear()
        linked, self._linked = self._linked, 0
        if "\n" in text:
            text = _WRAPPED.sub("", text)
        text = _SPACES.sub(" ", text).strip()
        if _BLANK.fullmatch(text):
            return
        if self._marker:
            if not is_enumerated(text):
                text = self._marker + text
            self._marker = ""
        self._sink.append(TextLine(text, self._container, linked))

    def _keep_preformatted(self) -> None:
        """Preformatted text is read as flattened text is: it may hold tables drawn with tabs or bars."""
        text = canonical("".join(self._pieces))
        self._pieces.clear()
        self._linked = 0
        for block in find_blocks(text):
            if isinstance(block, Table):
                rows = [[CellText(c.row, c.column, c.span.of(text)) for c in row] for row in block.rows]
                self._sink.append(DataTable(rows, self._container))
            elif isinstance(block, Line):
                self._sink.append(TextLine(block.span.of(text), self._container))

    def _end_table(self) -> None:
        opened = self._tables.pop()
        self._sink = opened.sink
        self._sink += settle_table(opened.table, self._source)

    def _add_picture(self, attributes: Mapping[str, str]) -> None:
        picture = picture_of(attributes, self._container, self._parts)
        if picture is None or self._preformatted:
            return
        self._flush()
        self._sink.append(picture)

    def _drop_footnote(self, saved: object) -> None:
        """Take out a raised number right behind a digit: 12 with a note 3 is not 123."""
        at = saved if isinstance(saved, int) else len(self._pieces)
        before = "".join(self._pieces[max(0, at - 3) : at])
        if before[-1:].isdigit() and _FOOTNOTE.fullmatch("".join(self._pieces[at:])):
            del self._pieces[at:]

    def _note(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "meta":
            name = (attributes.get("name") or attributes.get("property") or "").strip().lower()
            content = " ".join((attributes.get("content") or "").split())
            if name and content:
                self.page.metas.setdefault(name, content)
        elif tag == "link":
            if "canonical" in attributes.get("rel", "").lower().split():
                self.page.canonical_url = (attributes.get("href") or "").strip()
        else:
            self._keep_fragment(attributes.get("value") or "")

    def _note_attachment(self, address: str) -> None:
        if (match := _ATTACHMENT.search(address)) and len(self.page.attachments) < _MOST_FRAGMENTS:
            self.page.attachments.append(unquote(match[0]))

    def _keep_fragment(self, text: str) -> None:
        if len(text) >= _SHORTEST_FRAGMENT and "<" in text and len(self.page.fragments) < _MOST_FRAGMENTS:
            self.page.fragments.append(text)
