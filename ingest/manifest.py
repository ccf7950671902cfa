"""What a person says of files in a CSV table: where each came from, and who reports on which year.

The table is UTF-8 (with or without mark) or GB18030, its columns are called by the names in
``lexicons/manifest_columns.toml``, and all but the path may be missing or empty.
"""

from __future__ import annotations

import json
import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from ingest.csv_table import read_rows
from ingest.lexicons import read_lexicon
from vectorstore.catalogue import KIND_NAMES
from vectorstore.errors import ReadError
from vectorstore.records import Kind

_FIRST_YEAR = 2000
_SHOWN_FAULTS = 5
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))")
_YEAR = re.compile(r"(\d{4})\s*(?:年度?)?")


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One row of a manifest; everything but the path may be missing (``None``).

    Attributes:
        path: Of the file, relative to the manifest's folder or as the file is called in the index; in a zip archive
            ``archive.zip/member.html``.
        url: Where the report was published.
        retrieved_on: ISO date.
        body: The issuer's name, in place of the one that the text gives.
        kind: Of the issuer, in place of the one that its name tells.
        year: The statistics year, likewise.
        region: ``山东省/威海市/文登区``, likewise.
    """

    path: str
    url: str | None = None
    retrieved_on: str | None = None
    body: str | None = None
    year: int | None = None
    region: str | None = None
    kind: Kind | None = None

    def as_json(self) -> str | None:
        """What the row says of the file, to be kept with it; ``None`` if it says nothing."""
        said = {name: value for name, value in asdict(self).items() if value is not None and name != "path"}
        return json.dumps(said, ensure_ascii=False, sort_keys=True) if said else None

    @classmethod
    def from_json(cls, path: str, said: str | None) -> ManifestEntry | None:
        """The entry that ``as_json`` wrote."""
        if said is None:
            return None
        values = json.loads(said)
        kind = values.pop("kind", None)
        return cls(path, **values, kind=Kind(kind) if kind else None)


class Manifest:
    """The rows of a manifest, found by what a file is called."""

    def __init__(self, path: Path, rows: Iterable[tuple[int, ManifestEntry]]) -> None:
        self._path = path
        folder = path.resolve().parent.as_posix()
        self._rows = list(rows)
        self._named = {_normal(entry.path): number for number, (_, entry) in enumerate(self._rows)}
        self._placed = {_placed(folder, entry.path): number for number, (_, entry) in enumerate(self._rows)}
        self._matched: set[int] = set()

    def entry_of(self, key: str, source: str) -> ManifestEntry | None:
        """The row of a file, if it has one.

        Args:
            key: The file's absolute path.
            source: How it is called in the index.
        """
        absolute = _normal(key)
        numbers = (self._placed.get(absolute), self._named.get(_normal(source)), self._named.get(absolute))
        found = next((number for number in numbers if number is not None), None)
        if found is None:
            return None
        self._matched.add(found)
        return self._rows[found][1]

    def unmatched(self, archives: Collection[str] = ()) -> Iterator[str]:
        """A sentence for each row that no file was found for, though not for files that weren't ingested this time.

        Args:
            archives: The absolute paths of the archives that were ingested.
        """
        opened = {_normal(path) for path in archives}
        for place, number in self._placed.items():
            row, entry = self._rows[number]
            if number not in self._matched and not _is_elsewhere(place, opened):
                yield (
                    f"{self._path} row {row}: no file {entry.path} was found; write its path as seen from the "
                    "manifest's folder."
                )


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file.

    Raises:
        ReadError: It can't be read, or rows are wrong; the message names the first of them and what is wrong. A
            manifest goes in whole or not at all.
    """
    rows = [row for _, row in read_rows(path, "manifest")]
    faults: list[str] = []
    header = next((number for number, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    if header is None:
        raise ReadError(f"The manifest {path} is empty; give it a header with a column path.")
    columns = _columns(rows[header], path)
    entries: dict[str, tuple[int, ManifestEntry]] = {}
    for number, row in enumerate(rows[header + 1 :], header + 2):
        if not any(cell.strip() for cell in row):
            continue
        try:
            entry = _entry(row, columns)
        except ValueError as error:
            faults.append(f"row {number}: {error}")
            continue
        former = entries.setdefault(_normal(entry.path), (number, entry))
        if former[0] != number:
            faults.append(f"row {number}: {entry.path} stands in row {former[0]} already")
    if faults:
        more = f"; and {len(faults) - _SHOWN_FAULTS} more" if len(faults) > _SHOWN_FAULTS else ""
        raise ReadError(
            f"The manifest {path} has faults, so nothing was ingested: {'; '.join(faults[:_SHOWN_FAULTS])}{more}. "
            "Correct the table and run the command again."
        )
    return Manifest(path, entries.values())


@cache
def _column_names() -> dict[str, str]:
    data = read_lexicon("manifest_columns")
    return {name: column for column, names in data.items() for name in names}


def _columns(header: list[str], path: Path) -> dict[str, int]:
    """The place of each column that the header names."""
    known = _column_names()
    columns: dict[str, int] = {}
    for place, written in enumerate(header):
        name = "".join(written.split()).lower()
        if not name:
            continue
        column = known.get(name)
        if column is None:
            raise ReadError(
                f"The manifest {path} has a column {written.strip()} that isn't known; "
                f"known are {', '.join(dict.fromkeys(known.values()))}."
            )
        if column in columns:
            raise ReadError(f"The manifest {path} has two columns for {column}; keep one.")
        columns[column] = place
    if "path" not in columns:
        raise ReadError(f"The manifest {path} has no column path (路径); its first row must name the columns.")
    return columns


def _entry(row: list[str], columns: dict[str, int]) -> ManifestEntry:
    """ValueError says in a few words what is wrong."""
    if any(cell.strip() for cell in row[max(columns.values()) + 1 :]):
        raise ValueError("it has more cells than the header has columns")

    def cell(column: str) -> str | None:
        place = columns.get(column)
        return (row[place].strip() or None) if place is not None and place < len(row) else None

    path = cell("path")
    if path is None:
        raise ValueError("it names no path")
    return entry_of({column: cell(column) for column in columns} | {"path": path})


def entry_of(said: Mapping[str, str | None]) -> ManifestEntry:
    """The entry that a row's words, by column, amount to; ``path`` is among them.

    Raises:
        ValueError: A word is no year, date, address or kind; the message says so in a few words.
    """
    return ManifestEntry(
        str(said["path"]),
        url=_url(said.get("url")),
        retrieved_on=_date(said.get("retrieved_on")),
        body=said.get("body"),
        year=_year(said.get("year")),
        region=said.get("region"),
        kind=_kind(said.get("kind")),
    )


def _kind(written: str | None) -> Kind | None:
    if written is None:
        return None
    for kind, names in KIND_NAMES.items():
        if written.casefold() in (kind.value, *names):
            return kind
    raise ValueError(f"{written} is no kind of body; kinds are {', '.join(KIND_NAMES)}")


def _url(written: str | None) -> str | None:
    if written is None:
        return None
    try:
        parts = urlsplit(written)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc or any(c.isspace() for c in written):
        raise ValueError(f"{written} is no address beginning with http:// or https://")
    return written


def _date(written: str | None) -> str | None:
    if written is None:
        return None
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", written.split("T")[0].split(" ")[0]))
    try:
        if found is None:
            raise ValueError
        return date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5])).isoformat()
    except ValueError:
        raise ValueError(f"{written} is no date such as 2024-01-31") from None


def _year(written: str | None) -> int | None:
    if written is None:
        return None
    found = _YEAR.fullmatch(unicodedata.normalize("NFKC", written))
    if found is None or not _FIRST_YEAR <= int(found[1]) <= date.today().year + 1:
        raise ValueError(f"{written} is no year of statistics such as 2023")
    return int(found[1])


def _placed(folder: str, path: str) -> str:
    """The absolute path of what a row names."""
    return _normal(posixpath.normpath(posixpath.join(folder, _normal(path))))


def _is_elsewhere(place: str, opened: Collection[str]) -> bool:
    """Whether the file is there, or in an archive that is, but wasn't ingested."""
    path = Path(place)
    try:
        return any(p.is_file() and _normal(p.as_posix()) not in opened for p in (path, *path.parents))
    except (OSError, ValueError):
        return False


def _normal(path: str) -> str:
    """A path as it is compared: forward slashes, composed characters (macOS decomposes), no leading ``./``."""
    return unicodedata.normalize("NFC", path.replace("\\", "/")).removeprefix("./")
