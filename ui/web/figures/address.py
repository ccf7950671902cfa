"""The address of a table: everything that is chosen, so that a link shows the same and the back button works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from pydantic import ValidationError

from assistant.pivoting.request import MOST_METRICS, ColumnAxis, PivotRequest, RowAxis, Shown
from assistant.plan import RegionLevel
from ui.texts import Texts
from vectorstore.catalogue import catalogue
from vectorstore.errors import QuestionError
from vectorstore.records import Kind

_FIELDS = {
    "metrics": "metrics",
    "years": "years",
    "kinds": "kinds",
    "places": "regions",
    "bodies": "names",
    "rows": "rows",
    "columns": "columns",
    "level": "level",
    "show": "shows",
}
"""The names in the address, and the request's own."""
_SEPARATOR = ","
_LONGEST = 4000
_MOST_PAGES = 100_000


@dataclass(frozen=True)
class Address:
    """What an address asks for: a table, and which of its rows are looked at in which order.

    Attributes:
        sort: The token of a column, or ``name``; ``None`` for the table's own order.
        page: Counted from 1.
    """

    request: PivotRequest = field(default_factory=PivotRequest)
    sort: str | None = None
    descending: bool = False
    find: str = ""
    page: int = 1

    def query(self) -> dict[str, str]:
        """What stands in the address: only what isn't the default."""
        default = PivotRequest()
        said = {}
        for name, own in _FIELDS.items():
            value = getattr(self.request, own)
            if value != getattr(default, own):
                said[name] = _SEPARATOR.join(map(str, value)) if isinstance(value, tuple) else str(value or "")
        return said | {
            name: value
            for name, value in (
                ("sort", self.sort or ""),
                ("order", "down" if self.descending else ""),
                ("find", self.find),
                ("page", str(self.page) if self.page > 1 else ""),
            )
            if value
        }

    def of(self, **changes: Any) -> Address:
        """The address of another table, from its first row on, in its own order."""
        return Address(self.request.model_copy(update=changes))

    def seen(self, **changes: Any) -> Address:
        """The same table, looked at otherwise."""
        return replace(self, **changes)


def read_address(query: Mapping[str, object], words: Texts) -> Address:
    """What an address says; what it doesn't is the default, and what isn't of this page is passed over.

    Raises:
        QuestionError: Something in it names what there isn't.
    """
    given = {name: str(value) for name, value in query.items() if value not in (None, "")}
    for name in (*_FIELDS, "sort", "find", "page"):
        if len(given.get(name, "")) > _LONGEST:
            raise _unreadable(given[name][:30] + "…", words)
    fields: dict[str, Any] = {}
    for name, own in _FIELDS.items():
        if name in given:
            fields[own] = _READERS[name](given[name], words)
    try:
        request = PivotRequest(**fields)
    except ValidationError as error:
        if len(fields.get("metrics", ())) > MOST_METRICS:
            raise QuestionError(words("figures.too_many", most=MOST_METRICS)) from None
        raise _unreadable(str(error.errors()[0].get("input", ""))[:30], words) from None
    page = given.get("page", "1")
    if not (page.isdecimal() and len(page) < 7 and 0 < int(page) < _MOST_PAGES):
        raise _unreadable(page[:30], words)
    return Address(request, given.get("sort"), given.get("order") == "down", given.get("find", "").strip(), int(page))


def _unreadable(value: str, words: Texts) -> QuestionError:
    return QuestionError(words("figures.bad_address", value=value))


def _listed(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for one in value.split(_SEPARATOR) if (part := one.strip())))


def _metrics(value: str, words: Texts) -> tuple[str, ...]:
    for metric_id in _listed(value):
        try:
            catalogue().split(metric_id)
        except KeyError:
            raise _unreadable(metric_id, words) from None
    return _listed(value)


def _years(value: str, words: Texts) -> tuple[int, ...]:
    for year in _listed(value):
        if not (year.isascii() and year.isdecimal() and len(year) == 4):
            raise _unreadable(year, words)
    return tuple(sorted({int(year) for year in _listed(value)}))


def _kinds(value: str, words: Texts) -> tuple[Kind, ...]:
    for kind in _listed(value):
        if kind not in set(Kind):
            raise _unreadable(kind, words)
    return tuple(Kind(kind) for kind in _listed(value))


def _one_of(allowed: tuple[str, ...]) -> Any:
    def read(value: str, words: Texts) -> str:
        if value not in allowed:
            raise _unreadable(value, words)
        return value

    return read


_READERS: dict[str, Any] = {
    "metrics": _metrics,
    "years": _years,
    "kinds": _kinds,
    "places": lambda value, _: tuple(path for one in _listed(value) if (path := one.strip("/"))),
    "bodies": lambda value, _: _listed(value),
    "rows": _one_of(get_args(RowAxis)),
    "columns": _one_of(get_args(ColumnAxis)),
    "level": _one_of(get_args(RegionLevel)),
    "show": _one_of(get_args(Shown)),
}
