"""A register of bodies that should report, from a CSV table: name, kind, region, from, to.

All but the name may be missing or empty: the kind and the region are then read from the name, and years are unbounded.
A line that is wrong is told and left out; the others are kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from ingest.csv_table import read_rows
from ingest.identity.body_names import is_name_like, kind_of
from ingest.identity.regions import region_of, region_path
from ingest.lexicons import read_lexicon
from vectorstore.errors import ReadError
from vectorstore.folding import fold_label
from vectorstore.records import Kind, RegisteredBody

_WHAT = "register"
_YEAR = re.compile(r"(\d{4})\s*(?:年度?)?")
_FIRST_YEAR = 2000
_DIVISION = re.compile(r"[一-鿿]{1,12}[省市区县旗州盟]")


@dataclass(frozen=True, slots=True)
class RegisterTable:
    """What a table says.

    Attributes:
        registered: Of the good lines, in order.
        problems: A sentence for each line that is wrong, with its number.
        unused: The columns that mean nothing here, as they are called.
    """

    registered: tuple[RegisteredBody, ...]
    problems: tuple[str, ...]
    unused: tuple[str, ...] = ()


def read_register(path: Path, known_regions: Collection[str] = ()) -> RegisterTable:
    """The register in a file.

    Args:
        known_regions: Paths that are accepted besides the gazetteer's.

    Raises:
        ReadError: It can't be read, has no column for names, or no line of it is good.
    """
    rows = [(line, row) for line, row in read_rows(path, _WHAT) if any(cell.strip() for cell in row)]
    if not rows:
        raise ReadError(f"The register {path} is empty; give it a header with a column name (机关).")
    columns, unused = _columns(rows[0][1], path)
    registered: dict[tuple[str, str | None], list[tuple[int, RegisteredBody]]] = {}
    problems = []
    for line, row in rows[1:]:
        try:
            body = _registered(row, columns, known_regions)
            former = registered.setdefault((fold_label(body.name), body.region), [])
            _require_new(body, former)
        except ValueError as error:
            problems.append(f"{path}, line {line}: {error}.")
            continue
        former.append((line, body))
    kept = sorted((entry for entries in registered.values() for entry in entries), key=lambda entry: entry[0])
    if not kept:
        first = f" The first fault: {problems[0]}" if problems else ""
        raise ReadError(f"The register {path} has no good line, so nothing was changed.{first}")
    return RegisterTable(tuple(body for _, body in kept), tuple(problems), unused)


@cache
def _vocabulary() -> Mapping[str, Mapping[str, str]]:
    """What each word of the lexicon stands for, by table of the lexicon."""
    data = read_lexicon(_WHAT)
    return {
        table: {_plain(word): meaning for meaning, words in entries.items() for word in words}
        for table, entries in data.items()
    }


def _plain(word: str) -> str:
    return "".join(unicodedata.normalize("NFKC", word).split()).lower()


def _columns(header: list[str], path: Path) -> tuple[dict[str, int], tuple[str, ...]]:
    """The place of each column that the header names, and the names of columns that aren't needed."""
    known = _vocabulary()["columns"]
    columns: dict[str, int] = {}
    unused = []
    for place, written in enumerate(header):
        column = known.get(_plain(written))
        if column is None:
            unused += [written.strip()] if written.strip() else []
        elif column in columns:
            raise ReadError(f"The register {path} has two columns for {column}; keep one.")
        else:
            columns[column] = place
    if "name" not in columns:
        raise ReadError(
            f"The register {path} has no column name (机关); its first row must name the columns: "
            "name, kind, region, from, to (机关, 类型, 地区, 起, 止)."
        )
    return columns, tuple(unused)


def _registered(row: list[str], columns: Mapping[str, int], known_regions: Collection[str]) -> RegisteredBody:
    """ValueError says in a few words what is wrong."""

    def cell(column: str) -> str:
        place = columns.get(column)
        return row[place].strip() if place is not None and place < len(row) else ""

    name = re.sub(r"\s", "", cell("name")).replace("(", "（").replace(")", "）")
    if not name:
        raise ValueError("it names no body")
    kind = _kind(cell("kind"), name)
    region = _region(cell("region"), known_regions) or region_of(name, kind, "")
    first, last = _year(cell("from")), _year(cell("to"))
    if first is not None and last is not None and last < first:
        raise ValueError(f"it ends in {last}, before it begins in {first}")
    return RegisteredBody(name, kind, region, first, last)


def _kind(written: str, name: str) -> Kind:
    if not written:
        if not is_name_like(name):
            raise ValueError(f"{name} doesn't look like the name of a public body, and no kind is given")
        return kind_of(name)
    word = _plain(written).replace("-", "_")
    if word in set(Kind):
        return Kind(word)
    known = _vocabulary()["kinds"].get(word)
    if known is None:
        raise ValueError(f"there is no kind {written}; the kinds are {', '.join(Kind)}")
    return Kind(known)


def _region(written: str, known_regions: Collection[str]) -> str | None:
    path = re.sub(r"\s*/\s*", "/", written.strip().strip("/"))
    if not path:
        return None
    if path in known_regions:
        return path
    found = region_path(path)
    if found is not None:
        return found
    if "/" in path and all(_DIVISION.fullmatch(part) for part in path.split("/")):
        return path  # of a division that the gazetteer doesn't hold, written out
    raise ValueError(f"{written} is no region, or may be several; write it as 山东省/威海市/文登区")


def _year(written: str) -> int | None:
    if not written or _plain(written) in _vocabulary()["unbounded"]:
        return None
    found = _YEAR.fullmatch(unicodedata.normalize("NFKC", written).strip())
    if found is None or not _FIRST_YEAR <= int(found[1]) <= date.today().year + 1:
        raise ValueError(f"{written} is no year of statistics such as 2023")
    return int(found[1])


def _require_new(body: RegisteredBody, former: Collection[tuple[int, RegisteredBody]]) -> None:
    """A body may be registered twice only for different years."""
    for line, other in former:
        begins = max(body.first_year or 0, other.first_year or 0)
        ends = min(body.last_year or 9999, other.last_year or 9999)
        if begins <= ends:
            raise ValueError(f"{body.name} stands in line {line} already")
