"""Tables that people write in a spreadsheet and save as CSV: in the usual encodings, with a comma, tab or semicolon."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from vectorstore.errors import ReadError

_LARGEST = 64 * 1024 * 1024


def read_rows(path: Path, what: str) -> list[tuple[int, list[str]]]:
    """The rows of a table, empty ones included, each with the number of the line that it ends in, from 1.

    Args:
        what: What the table is, for messages: ``manifest``.

    Raises:
        ReadError: It can't be opened, is too large, or is no table of text.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise ReadError(f"The {what} {path} is larger than {_LARGEST // 1024 // 1024} MB; split it.")
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"The {what} {path} cannot be opened ({error.strerror or error}); check the path.") from error
    text = next(
        (text for text in (_decoded(data, encoding) for encoding in _encodings(data)) if text is not None), None
    )
    if text is None or "\0" in text:
        raise ReadError(f"The {what} {path} is no table of text; save it as CSV in UTF-8.")
    opening = text.lstrip("\ufeff\r\n ").split("\n", 1)[0]
    delimiter = max(",\t;", key=opening.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [(rows.line_num, row) for row in rows]
    except csv.Error as error:
        raise ReadError(f"The {what} {path} is no proper CSV ({error}); save the table again.") from error


def _encodings(data: bytes) -> tuple[str, ...]:
    return ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
