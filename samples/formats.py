"""The formats in which a draft can be written, each by its own writer, loaded only when it is used."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from importlib import import_module

from samples.draft import Draft

Writer = Callable[[Draft, random.Random], bytes]

FORMATS: Mapping[str, tuple[str, str, str]] = {
    "txt": (".txt", "samples.writing", "write_text"),
    "html": (".html", "samples.html_writing", "write_html"),
    "markdown": (".md", "samples.markdown_writing", "write_markdown"),
    "docx": (".docx", "samples.word_writing", "write_word"),
    "pdf": (".pdf", "samples.pdf_writing", "write_pdf"),
    "scan": (".scan.pdf", "samples.scan_writing", "write_scan"),
}
"""By name: what a file's name ends in, and the writer. Writers beside ``txt`` need the ``dev`` extra."""


def writer(name: str) -> Writer:
    """The writer of a format; KeyError if there is none of that name."""
    _, module, function = FORMATS[name]
    found: Writer = getattr(import_module(module), function)
    return found


def extension(name: str) -> str:
    """What the names of a format's files end in."""
    return FORMATS[name][0]
