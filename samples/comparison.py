"""Holds what was read of a report against the truth of its draft, figure by figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vectorstore.records import ReportContents, State
from vectorstore.resolution import failed_cells, resolve


@dataclass(slots=True)
class Comparison:
    """What became of each figure, by full metric id.

    Attributes:
        right: Read as stated.
        wrong: Read with another value than stated: ``(metric, stated, read)``.
        missed: Stated and not read, whether said to be unreadable or passed over.
        invented: Read, though nothing states it: ``(metric, read)``.
        identity: What of body, kind, region and year was read otherwise: ``(field, true, read)``.
    """

    right: list[str] = field(default_factory=list)
    wrong: list[tuple[str, float, float]] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    invented: list[tuple[str, float]] = field(default_factory=list)
    identity: list[tuple[str, Any, Any]] = field(default_factory=list)


def compare(truth: Mapping[str, Any], contents: ReportContents) -> Comparison:
    """Compare a report's own figures of its year; derived ones don't count, and of contradictions each reading does.

    A row whose label is lost (``if_read`` of the truth) may be read or not, but not with another value.
    """
    report = contents.report
    result = Comparison()
    true = {"kind": truth["kind"], "region": truth["region"], "year": truth["year"]}
    result.identity = [
        (name, value, getattr(report, name)) for name, value in true.items() if getattr(report, name) != value
    ]
    if report.body not in truth["body"]:
        result.identity.append(("body", truth["body"], report.body))
    read = _values(contents)
    expected = {metric: {float(value)} for metric, value in truth["figures"].items()}
    if "litigation_total" not in truth["evidence"]:
        expected.pop("litigation_total", None)  # the sum of two cells: nothing states it
    for metric, readings in truth["readings"].items():
        expected[metric] = {float(reading["value"]) for reading in readings}
    for metric, values in expected.items():
        found = read.pop(metric, set())
        if found == values:
            result.right.append(metric)
        elif not found:
            result.missed.append(metric)
        else:
            result.wrong.append((metric, max(values), max(found)))
    for metric, found in read.items():
        allowed = truth["if_read"].get(metric)
        if allowed is None or found != {float(allowed)}:
            result.invented.extend((metric, value) for value in found)
    return result


def _values(contents: ReportContents) -> dict[str, set[float]]:
    values: dict[str, set[float]] = {}
    report = contents.report
    for resolved in resolve(contents.figures, failed_cells(contents.checks)):
        if (resolved.body_id, resolved.year) != (report.body_id, report.year):
            continue
        metric = resolved.metric if resolved.column is None else f"{resolved.metric}__{resolved.column}"
        stated = {float(r.value) for r in resolved.readings if r.value is not None and r.state is State.STATED}
        if stated:
            values[metric] = stated
    return values
