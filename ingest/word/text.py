"""Reads the paragraphs of a Word file as a reader of the printed page sees them.

Insertions are kept and deletions dropped, fields give their result, hidden text is left out, a ruby gives its base,
and of alternative contents only one is taken. Text boxes and pictures hang on the paragraph that anchors them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ingest.word.drawings import WordPicture, choose, find_drawn
from ingest.word.numbering import WordNumbering
from ingest.word.package import MC, Element, M, R, W, WordPackage, attribute, child, is_on, is_prompt
from ingest.word.styles import WordStyles
from ingest.word.symbols import symbol
from ingest.word.tables import WordTable, read_table

_T, _R, _P, _TBL = W + "t", W + "r", W + "p", W + "tbl"
_RPR, _PPR = W + "rPr", W + "pPr"
_FLD_CHAR, _INSTRUCTION = W + "fldChar", W + "instrText"
_ALTERNATE = MC + "AlternateContent"
_CHUNK = W + "altChunk"
_DRAWN = frozenset((W + "drawing", W + "pict", W + "object"))
_NOTES = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}
_CHARACTERS = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
# Elements that only wrap what they hold. Deletions (w:del, w:moveFrom) are not among them.
_WRAPPERS = frozenset(
    W + name
    for name in ("ins", "moveTo", "smartTag", "customXml", "hyperlink", "dir", "bdo", "fldSimple", "sdtContent")
)
_MOST_CELLS = 200_000
_ENCLOSED = re.compile(r"\\ac\s*\([^,，]*[,，]\s*([^()]*)\)")


@dataclass(slots=True)
class Paragraph:
    """A paragraph as it is read.

    Attributes:
        number: The automatic number before it.
        pieces: Its text, with the pictures that stand in the line where they do.
        beside: What is anchored to it: floating pictures, and what its text boxes hold.
        notes: The footnotes and endnotes that it refers to.
        joins_next: Its end was deleted, so that the next paragraph goes on where it stops.
    """

    number: str = ""
    pieces: list[str | WordPicture] = field(default_factory=list)
    beside: list[Block] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)
    joins_next: bool = False

    @property
    def text(self) -> str:
        """Its text with its number, without pictures; empty if it has nothing but a number."""
        text = "".join(piece for piece in self.pieces if isinstance(piece, str))
        return self.number + text.lstrip() if self.number and text.strip() else text


Block = Paragraph | WordTable | WordPicture


@dataclass(slots=True)
class _Field:
    """A field being read: its instruction until ``has_result``, then what it shows.

    ``is_inside_silent``: it stands in one that shows nothing, so that it shows nothing either.
    """

    is_inside_silent: bool
    instruction: str = ""
    has_result: bool = False

    @property
    def name(self) -> str:
        return (self.instruction.split() or [""])[0].upper()


class WordText:
    """Reads one Word file from its first paragraph to its last: numbers are counted on the way.

    Args:
        depth: How many other Word files this one is inside of.
    """

    def __init__(self, package: WordPackage, depth: int = 0) -> None:
        self._package = package
        self._depth = depth
        self._styles = WordStyles(package.of_kind("styles", containing=(b"numPr", b"vanish")))
        self._numbering = WordNumbering(package.of_kind("numbering"), self._styles)
        self._notes: dict[str, dict[str, Element]] = {}
        self._fields: list[_Field] = []
        self._cells = 0
        self._current = Paragraph()
        body = package.body
        # A table of contents names the headings a second time. Where fields are out of balance it would never end.
        kinds = [mark.get(W + "fldCharType") for mark in body.iter(_FLD_CHAR)]
        self._drops_contents = kinds.count("begin") == kinds.count("end")

    def read(self) -> list[Block]:
        """The blocks of the document's body, in order."""
        return list(self.blocks(self._package.body))

    def blocks(self, container: Element) -> Iterator[Block]:
        """The paragraphs and tables that an element holds, in order; inside a table cell as well."""
        open_paragraph: Paragraph | None = None
        for element in self._block_elements(container):
            if element.tag == _P:
                paragraph = self._paragraph(element, open_paragraph)
                open_paragraph = paragraph if paragraph.joins_next else None
                if open_paragraph is None:
                    yield paragraph
                continue
            if open_paragraph is not None:
                yield open_paragraph
                open_paragraph = None
            if element.tag == _TBL:
                yield read_table(element, self)
            elif element.tag == _CHUNK:
                yield from self._chunk(element)
            elif drawn := self._read_apart(element):
                yield drawn
        if open_paragraph is not None:
            yield open_paragraph

    def count_cells(self, number: int) -> bool:
        """Note that many more table cells; whether they are still few enough to be a report's."""
        self._cells += number
        return self._cells <= _MOST_CELLS

    @property
    def source(self) -> str:
        """The file's name, for messages."""
        return self._package.source

    def _block_elements(self, container: Element) -> Iterator[Element]:
        for element in container:
            tag = element.tag
            if tag in (_P, _TBL, _R, _CHUNK) or tag in _DRAWN:
                yield element
            elif tag == W + "sdt":
                if not is_prompt(element):
                    yield from self._block_elements(element)
            elif tag in _WRAPPERS:
                yield from self._block_elements(element)
            elif tag == _ALTERNATE:
                yield from self._block_elements(choose(element))

    def _chunk(self, element: Element) -> list[Block]:
        from ingest.word.chunks import read_chunk

        target = self._package.target(element.get(R + "id"))
        part = target[0] if target is not None else "no part"
        return read_chunk(part, self._package, self._depth + 1)

    def _read_apart(self, run: Element) -> Paragraph | None:
        """A run that some programs put straight into the body or a cell."""
        paragraph = Paragraph()
        with self._writing(paragraph):
            self._inline([run])
        return paragraph if paragraph.pieces or paragraph.beside else None

    def _paragraph(self, element: Element, before: Paragraph | None) -> Paragraph:
        paragraph = before or Paragraph()
        properties = child(element, _PPR)
        has = {} if properties is None else {part.tag: part for part in properties}
        mark = has.get(_RPR)
        is_deleted = mark is not None and next(mark.iterchildren(W + "del", W + "moveFrom"), None) is not None
        style = attribute(has.get(W + "pStyle"))
        if not is_deleted:
            paragraph.number = paragraph.number or self._numbering.number(style, has.get(W + "numPr"))
        paragraph.joins_next = is_deleted or _runs_on(mark, has.get(W + "framePr"))
        if self._styles.is_hidden(style or self._styles.default):
            return paragraph
        with self._writing(paragraph):
            self._inline(element)
            # A field goes on over paragraphs only while it shows its result; else its end is missing.
            while self._fields and not self._fields[-1].has_result:
                self._fields.pop()
        return paragraph

    @contextmanager
    def _writing(self, paragraph: Paragraph) -> Iterator[None]:
        outer, self._current = self._current, paragraph
        yield
        self._current = outer

    def _inline(self, elements: Element | list[Element]) -> None:
        for element in elements:
            tag = element.tag
            if tag == _R:
                self._run(element)
            elif tag in _WRAPPERS:
                if tag != W + "fldSimple" or not self._is_contents((element.get(W + "instr") or "").split()):
                    self._inline(element)
            elif tag == W + "sdt":
                if not is_prompt(element):
                    self._inline(element)
            elif tag == _ALTERNATE:
                self._inline(choose(element))
            elif tag in (M + "oMath", M + "oMathPara"):
                self._write("".join(text.text or "" for text in element.iter(M + "t", _T)))
            elif tag in _DRAWN:
                self._draw(element)

    def _is_contents(self, instruction: list[str]) -> bool:
        return self._drops_contents and bool(instruction) and instruction[0].upper() == "TOC"

    def _run(self, run: Element) -> None:
        properties = child(run, _RPR)
        self._run_content(run, properties is not None and self._hides(properties))

    def _hides(self, properties: Element) -> bool:
        vanish = child(properties, W + "vanish")
        if vanish is not None:
            return is_on(vanish)
        return self._styles.hides and self._styles.is_hidden(attribute(child(properties, W + "rStyle")))

    def _run_content(self, run: Element, is_hidden: bool) -> None:
        for element in run:
            tag = element.tag
            if tag == _FLD_CHAR:
                self._field_mark(element)
            elif tag == _INSTRUCTION:
                if self._fields and not self._fields[-1].has_result:
                    self._fields[-1].instruction += element.text or ""
            elif is_hidden:
                continue
            elif tag == _T:
                self._write(_text(element))
            elif tag in _CHARACTERS:
                self._write(_CHARACTERS[tag])
            elif tag == W + "sym":
                self._write(symbol(element.get(W + "font") or "", element.get(W + "char") or ""))
            elif tag == W + "ruby":
                base = child(element, W + "rubyBase")
                if base is not None:
                    self._inline(base)
            elif tag in _DRAWN:
                self._draw(element)
            elif tag == _ALTERNATE:
                self._run_content(choose(element), is_hidden)
            elif tag in _NOTES:
                self._note(_NOTES[tag], element.get(W + "id") or "")

    def _field_mark(self, mark: Element) -> None:
        kind = mark.get(W + "fldCharType")
        if kind == "begin":
            self._fields.append(_Field(self._is_silent()))
        elif kind == "separate" and self._fields:
            self._fields[-1].has_result = True
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            if not ended.has_result and ended.name == "EQ" and (enclosed := _ENCLOSED.search(ended.instruction)):
                self._write(_enclosed(enclosed[1].strip()))

    def _is_silent(self) -> bool:
        """Whether what stands here is not shown: a field's instruction, or a table of contents."""
        if not self._fields:
            return False
        innermost = self._fields[-1]
        return (
            innermost.is_inside_silent
            or not innermost.has_result
            or self._is_contents(innermost.instruction.split(maxsplit=1)[:1])
        )

    def _write(self, text: str) -> None:
        if text and not self._is_silent():
            self._current.pieces.append(text)

    def _draw(self, element: Element) -> None:
        if self._is_silent():
            return
        for drawn in find_drawn(element, self._package):
            if isinstance(drawn, WordPicture):
                (self._current.beside if drawn.floats else self._current.pieces).append(drawn)
            elif isinstance(drawn, str):
                self._current.beside.append(Paragraph(pieces=[drawn]))
            else:
                # A text box is a text of its own: the fields of the paragraph that anchors it aren't open in it.
                anchor, outer = self._current, self._fields
                self._fields = []
                anchor.beside.extend(self.blocks(drawn))
                self._fields = outer

    def _note(self, kind: str, identifier: str) -> None:
        if kind not in self._notes:
            root = self._package.of_kind(kind)
            self._notes[kind] = {} if root is None else {note.get(W + "id") or "": note for note in root}
        # Each note stands once, whatever refers to it.
        note = self._notes[kind].pop(identifier, None)
        if note is not None and note.get(W + "type") in (None, "normal"):
            anchor, outer = self._current, self._fields
            self._fields = []
            anchor.notes.extend(self.blocks(note))
            self._fields = outer


def _runs_on(mark: Element | None, frame: Element | None) -> bool:
    """Whether a paragraph's end is only there for the style: before a run-in heading's text, or after a drop cap."""
    if frame is not None and frame.get(W + "dropCap") in ("drop", "margin"):
        return True
    return mark is not None and is_on(child(mark, W + "specVanish"))


def _text(element: Element) -> str:
    text = element.text or ""
    if text and (text[0].isspace() or text[-1].isspace()):
        text = text.replace("\n", " ")
        if element.get("{http://www.w3.org/XML/1998/namespace}space") != "preserve":
            text = text.strip(" ")
    return text


def _enclosed(text: str) -> str:
    return chr(0x2460 + int(text) - 1) if text.isdecimal() and 1 <= int(text) <= 20 else text
