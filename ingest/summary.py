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

    Attributes:
        removed: Formerly ingested from a folder given now, and gone from it.
        duplicates: For each file whose report another file holds too, that report's id.
        kept: Failed files whose report of an earlier ingestion was kept.
        embedded: Number of passages embedded.
        reports: Number of reports in the index afterwards.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    duplicates: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    passed_over: int = 0
    embedded: int = 0
    reports: int = 0

    @property
    def problems(self) -> tuple[str, ...]:
        """One line for each file that could not be read."""
        return tuple(failure.problem for failure in self.failed)

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
            "passed_over": self.passed_over,
            "embedded": self.embedded,
            "reports": self.reports,
        }
