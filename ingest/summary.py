"""What an ingestion did, file by file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read, and why in one line."""

    source: str
    problem: str


@dataclass(slots=True)
class IngestSummary:
    """The outcome of one ingestion; each file is in exactly one of the five lists, by its source name.

    A member of an archive is a file of its own, ``archive.zip/folder/name.html``.

    Attributes:
        removed: Formerly ingested from a folder given now, and gone from it.
        duplicates: For each file whose report another file holds too, under another name or in another format, that
            report's id.
        kept: Failed files whose report of an earlier ingestion was kept.
        unmatched: A line for each row of the manifest that no file was found for.
        notes: Sentences in Chinese on reports of one body and year: which replaces which, or why both are kept; and on
            corrections that a report has outgrown.
        embedded: Number of passages embedded.
        reports: Number of reports in the index afterwards, without those that a later version replaced.
        superseded: Number of those.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    duplicates: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    passed_over: int = 0
    embedded: int = 0
    reports: int = 0
    superseded: int = 0

    @property
    def problems(self) -> tuple[str, ...]:
        """One line for each file that could not be read, and for each row of the manifest without a file."""
        return (*(failure.problem for failure in self.failed), *self.unmatched)

    def as_json(self) -> dict[str, Any]:
        """Lists of sources and the counts, ready for ``json.dumps``."""
        return {
            "new": list(self.new),
            "changed": list(self.changed),
            "unchanged": list(self.unchanged),
            "removed": list(self.removed),
            "failed": [{"source": f.source, "problem": f.problem} for f in self.failed],
            "duplicates": dict(self.duplicates),
            "kept": list(self.kept),
            "unmatched": list(self.unmatched),
            "notes": list(self.notes),
            "passed_over": self.passed_over,
            "embedded": self.embedded,
            "reports": self.reports,
            "superseded": self.superseded,
        }
