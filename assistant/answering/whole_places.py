"""Which reports tell of a whole place: its government's own, and only without one those of the bodies in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from vectorstore.records import Kind, Report

GOVERNMENTS = frozenset({Kind.COUNTY, Kind.CITY, Kind.PROVINCE})
"""Kinds of bodies whose report is of a whole territory."""


def outermost(reports: Sequence[Report]) -> list[Report]:
    """The reports that lie in no other's territory of the same year, in the same order.

    A government's report takes in those of all bodies in its region, and of governments further down.
    """
    governed: dict[int | None, set[str]] = defaultdict(set)
    for report in reports:
        if report.kind in GOVERNMENTS and report.region:
            governed[report.year].add(report.region)
    return [report for report in reports if not _is_inside(report, governed[report.year])]


def _is_inside(report: Report, governed: set[str]) -> bool:
    levels = (report.region or "").split("/")
    above = {"/".join(levels[:depth]) for depth in range(1, len(levels))}
    if report.kind not in GOVERNMENTS:
        above.add(report.region or "")
    return not governed.isdisjoint(above)
