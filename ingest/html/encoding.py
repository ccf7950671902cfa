"""Finds the characters of a web page: sites declare their charset wrongly, twice, or not at all."""

from __future__ import annotations

import codecs
import re
import unicodedata
from contextlib import suppress

from vectorstore.errors import ReadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD = 4096
_SAMPLE = 20_000
_STRANGE_SHARE = 50
_ENCODINGS = ("gb18030", "utf-8", "big5hkscs")
# Words of any report, in both scripts: the encoding that yields them is the right one, whatever the page declares.
_PLAIN_WORDS = re.compile("政府|信息|公开|公開|資訊|情况|情況|工作|年度|申请|申請")
# A decoding in which more than one character in so many had to be replaced is none.
_REPLACED_SHARE = 20
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def decode_page(data: bytes, source: str) -> str:
    """The characters of an HTML file, without byte-order mark and control characters.

    What the page declares is not looked at: bytes that are UTF-8 throughout are never anything else, and otherwise the
    words tell. A few broken bytes (a page cut in mid-character) become U+FFFD.

    Raises:
        ReadError: The file is empty, or no text in an encoding that Chinese sites use.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise ReadError(f"{source} is empty; save the page again or take the file away.")
    text = _decode(data)
    if text.count("\ufffd") * _REPLACED_SHARE > len(text) or _is_noise(text):
        raise ReadError(
            f"{source} is not readable as a web page in UTF-8, UTF-16, GB18030 or Big5; save it again as UTF-8."
        )
    return _CONTROLS.sub("", text)


def _is_noise(text: str) -> bool:
    """Whether what came out is no text of any language: UTF-16 and GB18030 make characters of nearly any bytes."""
    sample = text[:_SAMPLE]
    if _PLAIN_WORDS.search(sample):
        return False
    strange = sum(unicodedata.category(c) in ("Cc", "Co", "Cn", "Cs") and c not in "\n\r\t\x0b\x0c\x85" for c in sample)
    return strange * _STRANGE_SHARE > len(sample)


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if b"\x00" in data[:_HEAD]:
        encodings: tuple[str, ...] = ("utf-16-le", "utf-16-be", "utf-8", "gb18030")
    else:
        encodings = _ENCODINGS
        # Bytes that are UTF-8 throughout are never anything else.
        with suppress(UnicodeDecodeError):
            return data.decode("utf-8")
    decoded = [data.decode(encoding, "replace") for encoding in encodings]
    return max(decoded, key=lambda text: (len(_PLAIN_WORDS.findall(text)), -text.count("\ufffd")))
