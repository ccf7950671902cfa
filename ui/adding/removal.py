"""Takes a report out of the index, and keeps the files that were added here for as long as it may come back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ui.errors import SaidError
from ui.exact_report import exact_report

if TYPE_CHECKING:
    from ui.adding.additions import Additions
    from vectorstore.index import Index
    from vectorstore.records import Report, SourceFile


@dataclass(frozen=True, slots=True)
class Removal:
    """What taking a report out touches.

    Attributes:
        uploaded: Its files that were added here, which are set aside.
        elsewhere: Its other files, which stay where they are, by their paths.
        elsewhere_names: What those are called where reports are shown: a path of this computer is nobody's business.
        corrections: How many corrections of it are kept.
        batch: Which batch it can be put back from; ``None`` where its files lie elsewhere.
    """

    report: Report
    uploaded: tuple[str, ...]
    elsewhere: tuple[str, ...]
    elsewhere_names: tuple[str, ...]
    corrections: int
    batch: str | None


def removal_of(index: Index, additions: Additions, report_id: object) -> Removal:
    """What taking a report out would touch; SaidError if there is no report of exactly that id."""
    report = exact_report(index, report_id)
    if report is None:
        raise SaidError("adding.gone_report")
    files = index.sources(report.report_id)
    uploaded = [file.path for file in files if additions.uploaded(file.path) is not None]
    elsewhere = [file for file in files if file.path not in uploaded]
    places = [additions.uploaded(path) for path in uploaded]
    return Removal(
        report,
        tuple(uploaded),
        tuple(file.path for file in elsewhere),
        tuple(name_of(file) for file in elsewhere),
        len(index.corrections(report.report_id)),
        next((place[0].name for place in places if place is not None), None),
    )


def remove(index: Index, additions: Additions, report_id: object) -> Removal:
    """Take a report out. Files of it that were added here are set aside in their batch, so that it can come back.

    Raises:
        IndexBusyError: Reports are being taken in, here or elsewhere.
        SaidError: There is no such report.
    """
    removal = removal_of(index, additions, report_id)
    with index.writing() as writer:
        writer.remove(removal.report.report_id)
        for path in (*removal.uploaded, *removal.elsewhere):
            writer.forget_source(path)
        # Only now, so that an interruption leaves the report in or the file where it is read from again.
        for path in removal.uploaded:
            _set_aside(additions, path)
        writer.embed()
    return removal


def name_of(file: SourceFile) -> str:
    """What a file is called on the pages: as it was given to be read, without where on this computer it lies."""
    return file.source or file.path.rpartition("/")[2]


def mark_of(file: SourceFile) -> str:
    """By which a page names a file to the program: not its path."""
    return hashlib.sha256(file.path.encode()).hexdigest()[:20]


def forget_file(index: Index, additions: Additions, mark: object) -> None:
    """Forget a file that could not be read, by its mark; an added one is set aside too."""
    file = next((file for file in index.sources() if mark_of(file) == mark), None)
    if file is None or file.report_id is not None:
        raise SaidError("adding.gone_file")
    with index.writing() as writer:
        writer.forget_source(file.path)
        if additions.uploaded(file.path) is not None:
            _set_aside(additions, file.path)


def _set_aside(additions: Additions, path: str) -> None:
    uploaded = additions.uploaded(path)
    if uploaded is None or not Path(path).is_file():
        return
    folder, name = uploaded
    place = folder / "removed" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    Path(path).replace(place)
