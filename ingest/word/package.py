"""Opens a Word file's package: its parts as XML trees, and what they refer to.

python-docx is not used for reading: it refuses strict files and files with a missing part, and finding a merged
cell through it takes a time that grows with the square of the table.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias
from urllib.parse import unquote

from lxml import etree

from ingest.package_limits import check_package, open_package, read_entry
from vectorstore.errors import ReadError

Element: TypeAlias = etree._Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""The namespace of word processing, as a prefix of tags. Strict files are read as if they were written in it."""
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"

_CROSSED_ENDS = re.compile(
    r"Opening and ending tag mismatch: (?:sdt|sdtContent|hyperlink) .*(?:sdt|sdtContent|hyperlink)"
)
_LARGEST_XML = 40 * 1024 * 1024
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_RASTER_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_OTHER_KINDS = (("xl/", "a spreadsheet"), ("ppt/", "a presentation"))


def child(element: Element, tag: str) -> Element | None:
    """The first child of the tag."""
    return next(element.iterchildren(tag), None)


def attribute(element: Element | None, name: str = "val") -> str | None:
    """An attribute of the word-processing namespace; ``None`` if it or the element isn't there."""
    return None if element is None else element.get(W + name)


def is_on(element: Element | None) -> bool:
    """Whether a property that is switched on by its presence is there and not switched off."""
    return element is not None and element.get(W + "val") not in ("0", "false", "off", "none")


def is_prompt(control: Element) -> bool:
    """Whether all that a content control (``w:sdt``) holds is the prompt to fill it in."""
    properties = child(control, W + "sdtPr")
    return properties is not None and is_on(child(properties, W + "showingPlcHdr"))


class WordPackage:
    """A Word file's parts.

    Raises:
        ReadError: It is damaged, protected, too large unpacked, or no Word file.
    """

    def __init__(self, data: bytes, source: str) -> None:
        check_package(data, source)
        self.source = source
        self._package = open_package(data, source)
        # Some programs write backslashes, and names of parts are not case sensitive.
        self._entries = {_key(entry.filename): entry for entry in self._package.infolist()}
        self._relations: dict[str, dict[str, tuple[str, str, bool]]] = {}
        self.main = self._main_part()

    @cached_property
    def body(self) -> Element:
        """The element that holds the document's paragraphs and tables."""
        tree = self.tree(self.main)
        body = None if tree is None else child(tree, W + "body")
        if body is None:
            raise ReadError(f"{self.source} has no text in it that Word could show; save the report again as .docx.")
        return body

    @cached_property
    def title(self) -> str:
        """The title among the document's properties; empty if it has none."""
        part = next((t for t, kind, _ in self._related("").values() if kind == "core-properties"), None)
        tree = self.tree(part) if part else None
        found = None if tree is None else child(tree, _DUBLIN_CORE + "title")
        return " ".join((found.text or "").split()) if found is not None else ""

    def bytes_of(self, part: str) -> bytes | None:
        """The bytes of a part, or ``None`` if the package lacks it."""
        entry = self._entries.get(_key(part))
        return None if entry is None else read_entry(self._package, entry, self.source)

    def tree(self, part: str) -> Element | None:
        """The root of a part's XML, or ``None`` if the package lacks it. Raises ReadError if it is damaged."""
        data = self.bytes_of(part)
        if data is None:
            return None
        if len(data) > _LARGEST_XML:
            raise ReadError(f"{self.source} holds far more text than a report ({part}); split it or take it out.")
        if b"purl.oclc.org/ooxml" in data:
            data = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", data)
        root = _parse(data)
        if root is None:
            raise ReadError(f"{self.source} is damaged inside ({part}); open it in Word and save it again.")
        if root.getroottree().docinfo.doctype:
            # Word never writes one; it is how XML files are made to explode or to fetch other files.
            raise ReadError(
                f"{self.source} declares XML entities, which no word processor writes; it isn't read. "
                "Open it in Word and save it again."
            )
        return root

    def target(self, identifier: str | None) -> tuple[str, bool] | None:
        """What the main part refers to by an identifier: the part's name, and whether it lies inside the package."""
        found = self._related(self.main).get(identifier or "")
        return (found[0], found[2]) if found else None

    def of_kind(self, kind: str, containing: tuple[bytes, ...] = (b"",)) -> Element | None:
        """The root of the part that the main part has of a kind: ``styles``, ``numbering``, ``footnotes``.

        Args:
            containing: A part in which none of these stands is as good as none, and parsing it is spared.
        """
        part = next((t for t, k, inside in self._related(self.main).values() if k == kind and inside), None)
        data = self.bytes_of(part) if part else None
        if part is None or data is None or not any(words in data for words in containing):
            return None
        return self.tree(part)

    def picture(self, identifier: str | None) -> tuple[str, bytes | None] | None:
        """A picture's file name, and its bytes if it lies in the package and is made of pixels (not EMF, WMF, SVG)."""
        found = self.target(identifier)
        if found is None:
            return None
        part, inside = found
        name = posixpath.basename(part.replace("\\", "/").split("?")[0]) or "picture"
        data = self.bytes_of(part) if inside else None
        if data is None or not (data.startswith(_RASTER_SIGNATURES) or data[8:12] == b"WEBP"):
            return name, None
        return name, data

    def _main_part(self) -> str:
        for target, kind, inside in self._related("").values():
            if kind == "officeDocument" and inside and _key(target) in self._entries:
                if _key(target).startswith(("xl/", "ppt/")):
                    break
                return target
        if "word/document.xml" in self._entries:
            return "word/document.xml"
        kind = next(
            (name for start, name in _OTHER_KINDS if any(e.startswith(start) for e in self._entries)), "no Word file"
        )
        raise ReadError(f"{self.source} is {kind} under another extension; save the report as .docx.")

    def _related(self, part: str) -> dict[str, tuple[str, str, bool]]:
        """By identifier: the target, the last word of the relationship's type, whether it is inside the package."""
        if part not in self._relations:
            self._relations[part] = dict(self._read_relations(part))
        return self._relations[part]

    def _read_relations(self, part: str) -> Iterator[tuple[str, tuple[str, str, bool]]]:
        folder, name = posixpath.split(part)
        tree = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        for relation in () if tree is None else tree.iterchildren(_RELATIONSHIP):
            target, kind = relation.get("Target", ""), relation.get("Type", "").rpartition("/")[2]
            inside = relation.get("TargetMode") != "External"
            if inside:
                target = posixpath.normpath(posixpath.join(folder, unquote(target).replace("\\", "/")))
            yield relation.get("Id", ""), (target, kind, inside)


def _parse(data: bytes) -> Element | None:
    """The root of an XML text, or ``None`` if it is not sound."""
    for recovers in (False, True):
        parser = etree.XMLParser(
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            recover=recovers,
        )
        try:
            root: Element | None = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError, LookupError):
            # LibreOffice closes content controls and links in the wrong order. They only wrap what they hold, so it
            # doesn't matter which of them an end closes; with any other fault, text could be lost.
            if not parser.error_log or not all(_CROSSED_ENDS.match(entry.message) for entry in parser.error_log):
                return None
        else:
            return root
    return None


def _key(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").lower()
