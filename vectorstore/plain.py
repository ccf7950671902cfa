"""Records as compressed JSON and back, whatever their fields: for what is kept whole and never searched."""

from __future__ import annotations

import json
import types
import zlib
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from vectorstore.outline import Outline
from vectorstore.records import ReportContents


def pack(contents: ReportContents) -> bytes:
    """The contents as bytes; pictures have no form in JSON and must be left out."""
    return zlib.compress(json.dumps(_plain(contents), ensure_ascii=False).encode("utf-8"))


def unpack(packed: bytes) -> ReportContents:
    """What `pack` packed, equal to it."""
    return _record(ReportContents, json.loads(zlib.decompress(packed)))  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        # A field that holds its default says nothing, and most do.
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if getattr(value, f.name) != f.default}
    if isinstance(value, tuple | Outline):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    return value


def _record(wanted: Any, value: Any) -> Any:
    if value is None:
        return None
    if is_dataclass(wanted):
        hints = _hints(wanted)  # type: ignore[arg-type]
        # A field that a later version dropped is passed over; one that it added has a default.
        return wanted(**{name: _record(hints[name], item) for name, item in value.items() if name in hints})  # type: ignore[operator]
    if get_origin(wanted) in (Union, types.UnionType):
        return _record(next(part for part in get_args(wanted) if part is not type(None)), value)
    if get_origin(wanted) in (tuple, Sequence):
        parts = get_args(wanted)
        one_sort = parts[-1] is Ellipsis or len(parts) == 1
        sorts = [parts[0]] * len(value) if one_sort else parts
        return tuple(_record(sort, item) for sort, item in zip(sorts, value, strict=True))
    if isinstance(wanted, type) and issubclass(wanted, Enum | Decimal):
        return wanted(value)
    return value


@cache
def _hints(record: type) -> dict[str, Any]:
    return get_type_hints(record)
