"""The names of an archive's members as they were meant.

A zip archive says that a name is UTF-8 by a flag, which Chinese Windows and many others don't set; without it the
standard means CP437, and what is there is mostly GBK, or UTF-8 all the same.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Sequence

_IS_UTF8 = 0x800
_UNICODE_PATH = 0x7075


def member_names(listed: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The members' names in their order. One encoding is taken for all that don't say theirs."""
    raw = [_raw_name(info) for info in listed]
    encoding = _encoding_of([name for name in raw if name is not None])
    return [
        _unicode_path(info, name) or (info.filename if name is None else name.decode(encoding, "replace"))
        for info, name in zip(listed, raw, strict=True)
    ]


def _raw_name(info: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a name that isn't said to be UTF-8; zipfile has read them as CP437."""
    if info.flag_bits & _IS_UTF8:
        return None
    try:
        return info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return None


def _encoding_of(names: Sequence[bytes]) -> str:
    strange = [name for name in names if not name.isascii()]
    for encoding in ("utf-8", "gb18030"):
        if all(_is_in(name, encoding) for name in strange) and (encoding == "utf-8" or _is_chinese(strange)):
            return encoding
    return "cp437"


def _is_in(name: bytes, encoding: str) -> bool:
    try:
        name.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(names: Sequence[bytes]) -> bool:
    """Whether GB18030 names are made of common characters; accented Latin letters of CP437 make up rare ones."""
    characters = [c for name in names for c in name.decode("gb18030") if not c.isascii()]
    common = sum(_is_in_gb2312(c) for c in characters)
    return common * 2 >= len(characters)


def _is_in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _unicode_path(info: zipfile.ZipInfo, raw: bytes | None) -> str | None:
    """The name in the field that Info-ZIP adds, where it belongs to the name that stands there."""
    extra = info.extra
    while raw is not None and len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        content = extra[4 : 4 + size]
        if kind == _UNICODE_PATH and len(content) > 5 and content[0] == 1:
            (checksum,) = struct.unpack_from("<I", content, 1)
            if checksum == zlib.crc32(raw) and _is_in(content[5:], "utf-8"):
                return content[5:].decode("utf-8")
        extra = extra[4 + size :]
    return None
