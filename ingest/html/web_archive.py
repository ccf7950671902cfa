"""Reads a web archive (.mht, .mhtml): a page saved by a browser or by Word as one file, with its pictures."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from ingest.documents import Document
from ingest.html.encoding import decode_page
from ingest.html.page import read_page
from vectorstore.errors import ReadError

_MOST_PARTS = 5000
_ADDRESS = re.compile(r"https?://\S+")


def read_web_archive(data: bytes, source: str) -> Document:
    """The Document of the archive's page, its pictures with their bytes.

    Raises:
        ReadError: The archive holds no page, or a page that ``read_html_page`` refuses.
    """
    try:
        message = BytesParser(policy=compat32).parsebytes(data)
        found = [part for part, _ in zip(message.walk(), range(_MOST_PARTS), strict=False) if not part.is_multipart()]
    except (MessageError, ValueError, RecursionError) as error:
        raise ReadError(f"{source} is a damaged web archive ({error}); save the page again.") from error
    pages = [part for part in found if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    contents = [(part, _contents(part)) for part in pages]
    if not contents:
        raise ReadError(f"{source} is a web archive without a page; save the page again as HTML.")
    # Frames and advertisements come as pages of their own.
    page, markup = max(contents, key=lambda content: len(content[1]))
    document = read_page(decode_page(markup, source), source, _parts(found))
    address = _ADDRESS.match(str(message.get("Snapshot-Content-Location") or page.get("Content-Location") or ""))
    if address:
        document.metadata.setdefault("url", address[0])
    return document


def _contents(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _parts(found: list[Message]) -> dict[str, bytes]:
    """The pictures by all the names that a page may call them by."""
    parts: dict[str, bytes] = {}
    for part in found:
        if part.get_content_maintype() != "image":
            continue
        image = _contents(part)
        location = str(part.get("Content-Location") or "").strip()
        name = re.split(r"[/\\]", location)[-1]
        content_id = str(part.get("Content-ID") or "").strip().strip("<>")
        for address in (location, name, f"cid:{content_id}" if content_id else ""):
            if address and image:
                parts.setdefault(address, image)
    return parts
