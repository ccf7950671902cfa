"""The formats that reports come in: their extensions, their readers, their limits, and how contents give one away.

A new format is one module with a function ``(data, source) -> Document`` and one line in ``FORMATS``. Readers are named
and imported when the first file of their format is read, since most of them bring a vendor along.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from dataclasses import dataclass

_MEGABYTE = 1024 * 1024
_LONGEST = 2 * 60 * 60
"""Seconds for one file, of however many scanned pages."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is read.

    Attributes:
        name: In a sentence: "an HTML page".
        extensions: Lower case, with the dot.
        reader: ``module:function``.
        largest: The most bytes that a file may have. Real reports stay well below.
        seconds: Time to read a file, to which ``seconds_per_megabyte`` come for its size. Generous: a file that takes
            longer is one that would never end.
        tools: What reading depends on beside our own code: ``ocr``, ``office``.
    """

    name: str
    extensions: tuple[str, ...]
    reader: str
    largest: int = 20 * _MEGABYTE
    seconds: float = 60
    seconds_per_megabyte: float = 5
    tools: tuple[str, ...] = ()

    def time_limit(self, size: int) -> float:
        """Seconds allowed for a file of so many bytes."""
        return min(self.seconds + self.seconds_per_megabyte * size / _MEGABYTE, _LONGEST)


TEXT = Format("a text", (".txt",), "ingest.text.flattened_text:read_flattened_text")
MARKDOWN = Format("a Markdown text", (".md", ".markdown"), "ingest.text.markdown_text:read_markdown")
HTML = Format(
    "an HTML page",
    (".html", ".htm", ".shtml", ".xhtml"),
    "ingest.html.page:read_html_page",
    seconds=120,
    tools=("ocr",),
)
WEB_ARCHIVE = Format(
    "a web archive",
    (".mht", ".mhtml"),
    "ingest.html.web_archive:read_web_archive",
    largest=100 * _MEGABYTE,
    tools=("ocr",),
)
WORD = Format(
    "a Word document",
    (".docx", ".docm"),
    "ingest.word.document:read_word_document",
    largest=100 * _MEGABYTE,
    seconds=120,
    tools=("ocr",),
)
LEGACY_WORD = Format(
    "an old Word document",
    (".doc", ".wps", ".rtf", ".odt"),
    "ingest.word.legacy_document:read_legacy_word_document",
    largest=100 * _MEGABYTE,
    seconds=240,
    tools=("office", "ocr"),
)
PDF = Format(
    "a PDF file",
    (".pdf",),
    "ingest.pdf.file:read_pdf",
    largest=200 * _MEGABYTE,
    seconds=900,
    seconds_per_megabyte=300,
    tools=("ocr",),
)
PICTURE = Format(
    "a picture",
    (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"),
    "ingest.pictures.picture_file:read_picture_file",
    largest=100 * _MEGABYTE,
    seconds=900,
    seconds_per_megabyte=300,
    tools=("ocr",),
)
FORMATS = (TEXT, MARKDOWN, HTML, WEB_ARCHIVE, WORD, LEGACY_WORD, PDF, PICTURE)
BY_EXTENSION = {extension: format_ for format_ in FORMATS for extension in format_.extensions}

ARCHIVE_EXTENSION = ".zip"
LARGEST_ARCHIVE = 4 * 1024 * _MEGABYTE
"""In bytes: a whole province's reports, scans among them."""

# Formats in which a report may well stand, so that they aren't read has to be said.
KNOWN_UNREAD = frozenset((".xls", ".xlsx", ".et", ".ofd", ".pages", ".rar", ".7z", ".gz", ".tar", ".ceb"))

_FORMAT_SIGNATURES = (
    (b"%PDF-", PDF),
    (b"{\\rtf", LEGACY_WORD),
    (b"\x89PNG\r\n\x1a\n", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"II*\x00", PICTURE),
    (b"MM\x00*", PICTURE),
)
_FOREIGN_SIGNATURES = (
    (b"GIF8", "a GIF picture; save it as PNG"),
    (b"\x1f\x8b", "a gzip archive; unpack it"),
    (b"Rar!", "a RAR archive; unpack it or make it a .zip"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it or make it a .zip"),
    (b"MZ", "a program; take it out of the folder"),
    (b"\x7fELF", "a program; take it out of the folder"),
    (b"SQLite format 3\x00", "a database; take it out of the folder"),
)
_PDF_REACH = 1024
"""So much may precede the signature of a PDF, says its standard's note on readers."""
_HTML_OPENING = re.compile(
    rb"(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:!doctype\s+html|html|head|meta)\b", re.IGNORECASE | re.DOTALL
)
_WORD_XML = re.compile(rb"<\?mso-application\s+progid=\"Word|<w:wordDocument|<office:document\b")
_MIME_OPENING = re.compile(rb"\s*(?:MIME-Version:|From:\s[^\n]*\n|Content-Type:\s*multipart/related)", re.IGNORECASE)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OPENING = 4096


@dataclass(frozen=True, slots=True)
class Foreign:
    """Contents of a kind that isn't read.

    Attributes:
        advice: What it is and what to do, after "is": "a RAR archive; unpack it".
    """

    advice: str


ARCHIVE = Foreign(f"a zip archive under another extension; call it {ARCHIVE_EXTENSION}")
_DAMAGED = Foreign("damaged or incomplete; get the file anew")
_ENCRYPTED = Foreign("encrypted; save it without a password")


def recognise(data: bytes) -> Format | Foreign | None:
    """What contents are, whatever the file is called; ``None`` where nothing tells, as with text."""
    for signature, format_ in _FORMAT_SIGNATURES:
        if data.startswith(signature):
            return format_
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        return PICTURE
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return PICTURE
    for signature, advice in _FOREIGN_SIGNATURES:
        if data.startswith(signature):
            return Foreign(advice)
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return _recognise_zip(data)
    if data.startswith(_OLE):
        return _recognise_ole(data)
    return _recognise_markup(data)


def _recognise_markup(data: bytes) -> Format | Foreign | None:
    opening = _ascii_view(data[:_OPENING])
    if _WORD_XML.search(opening):
        return LEGACY_WORD
    if _HTML_OPENING.match(opening):
        return HTML
    if _MIME_OPENING.match(opening) and b"multipart/related" in opening.lower():
        return WEB_ARCHIVE
    if b"%PDF-" in data[:_PDF_REACH]:
        return PDF
    return None


def _ascii_view(opening: bytes) -> bytes:
    """The opening of a text whose markup is ASCII, also where it is written as UTF-16 or has a byte order mark."""
    for mark, start in ((b"\xff\xfe", 2), (b"\xfe\xff", 3)):
        if opening.startswith(mark):
            return opening[start::2]
    return opening.removeprefix(_BYTE_ORDER_MARK)


def _recognise_zip(data: bytes) -> Format | Foreign:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError, struct.error):
        # Cut off: the names that stand in it tell which reader should say so.
        told = ("word/document.xml", "content.xml", "xl/workbook.xml", "ppt/presentation.xml", "OFD.xml")
        names = {name for name in told if name.encode() in data[: 64 * 1024]}
        if not names:
            return _DAMAGED
    if any(name.startswith("word/document") for name in names):
        return WORD
    if "content.xml" in names and "mimetype" in data[:_OPENING].decode("latin-1"):
        return LEGACY_WORD if b"opendocument.text" in data[:_OPENING] else Foreign("no text document; save it as .docx")
    if any(name.startswith("xl/") for name in names):
        return Foreign("an Excel workbook; save its report as .docx or .pdf")
    if any(name.startswith("ppt/") for name in names):
        return Foreign("a PowerPoint presentation; save its report as .docx or .pdf")
    if "OFD.xml" in names:
        return Foreign("an OFD file; save it as .pdf")
    return ARCHIVE


def _recognise_ole(data: bytes) -> Format | Foreign:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return _ENCRYPTED
    if holds("Workbook") and not holds("WordDocument"):
        return Foreign("an Excel workbook; save its report as .docx or .pdf")
    if holds("PowerPoint Document"):
        return Foreign("a PowerPoint presentation; save its report as .docx or .pdf")
    return LEGACY_WORD
