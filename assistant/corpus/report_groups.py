"""How the reports are spread over years, kinds and places, and what the corpus holds altogether."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from assistant.answer import Row
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.region_levels import depth_of, depth_within
from assistant.answering.report_rows import all_stated
from assistant.corpus.titles import cite_titles
from assistant.plan import Grouping
from vectorstore.catalogue import catalogue
from vectorstore.records import Kind, Report

_KINDS = list(Kind)


def answer_report_groups(inquiry: Inquiry) -> Draft:
    """The reports in scope, or their bodies, by the plan's grouping.

    ``value`` is the number of groups where a list of them is asked for (which years are there), else of all that is
    counted. A group's row has its number, citing its reports' titles.
    """
    plan, wording = inquiry.plan, inquiry.wording
    grouping = plan.group_by[0]
    of_bodies = plan.subject == "bodies"
    groups = _groups(inquiry, grouping)
    cites = cite_titles(inquiry, inquiry.reports)
    rows = []
    for name, reports in groups.items():
        numbers = tuple(n for report in reports for n in cites[report.report_id])
        rows.append(_row(inquiry, name, reports, numbers, of_bodies))
    unit = wording.phrase("unit.bodies" if of_bodies else "unit.reports")
    lists = plan.operation == "list"
    sentence = wording.say(
        "reports.groups_bodies" if of_bodies else "reports.groups",
        scope=inquiry.scope_name,
        count=len(groups),
        grouping=wording.phrase(f"grouping.{plan.region_level or grouping}"),
        reports=len(inquiry.reports),
        bodies=len({report.body_id for report in inquiry.reports}),
        parts=wording.members([wording.phrase("reports.group", name=r.label, count=_size(r), unit=unit) for r in rows]),
    )
    whole = len({r.body_id for r in inquiry.reports}) if of_bodies else len(inquiry.reports)
    return Draft(
        "answered",
        [sentence],
        value=len(groups) if lists else whole,
        unit=wording.phrase("unit.groups") if lists else unit,
        rows=rows,
        coverage=all_stated(inquiry.reports),
    )


def _size(row: Row) -> int | float | str | None:
    return row.value if row.value is not None else row.note


def _row(inquiry: Inquiry, name: str, reports: Sequence[Report], cites: tuple[int, ...], of_bodies: bool) -> Row:
    number = len({report.body_id for report in reports}) if of_bodies else len(reports)
    years = {report.year for report in reports}
    kinds = {report.kind for report in reports}
    return Row(
        report_id=None,
        body=name,
        label=name,
        kind=next(iter(kinds)) if len(kinds) == 1 else None,
        year=next(iter(years)) if len(years) == 1 else None,
        value=number if cites else None,
        note=None if cites else str(number),
        unit=inquiry.wording.phrase("unit.bodies" if of_bodies else "unit.reports"),
        citations=cites,
    )


def _groups(inquiry: Inquiry, grouping: Grouping) -> dict[str, list[Report]]:
    """The reports by group, years and kinds in their order, the rest in the order of the reports."""
    reports = list(inquiry.reports)
    if grouping == "year":
        reports.sort(key=lambda report: (report.year is None, report.year))
    elif grouping == "kind":
        reports.sort(key=lambda report: _KINDS.index(report.kind))
    depth = depth_of(inquiry.plan.region_level, (report.region for report in reports))
    groups: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        groups[_group_of(inquiry, grouping, report, depth)].append(report)
    return groups


def _group_of(inquiry: Inquiry, grouping: Grouping, report: Report, depth: int) -> str:
    wording = inquiry.wording
    if grouping == "year":
        return wording.year(report.year)
    if grouping == "kind":
        return wording.kind(report.kind)
    if grouping == "region":
        return _region(inquiry, report.region, depth)
    return report.body


def _region(inquiry: Inquiry, region: str | None, depth: int) -> str:
    """The region at a depth, or as far down as it is known."""
    if not region:
        return inquiry.wording.phrase("breakdown.unknown_region")
    return inquiry.wording.region("/".join(region.split("/")[: depth_within(region, depth)]))


def answer_holdings(inquiry: Inquiry) -> Draft:
    """What there is: reports and bodies, by year, kind and place, and whether their tables can be read."""
    wording, reports = inquiry.wording, inquiry.reports
    unit = {"reports": wording.phrase("unit.reports"), "bodies": wording.phrase("unit.bodies")}
    sentences = [
        wording.say(
            "reports.holdings",
            scope=inquiry.scope_name,
            reports=len(reports),
            bodies=len({report.body_id for report in reports}),
            years=wording.years(r.year for r in reports if r.year is not None),
        )
    ]
    groupings: tuple[tuple[Grouping, bool], ...] = (("year", False), ("kind", True), ("region", True))
    for grouping, of_bodies in groupings:
        counted = {
            name: len({r.body_id for r in members}) if of_bodies else len(members)
            for name, members in _groups(inquiry, grouping).items()
        }
        named = unit["bodies" if of_bodies else "reports"]
        parts = [wording.phrase("reports.group", name=name, count=n, unit=named) for name, n in counted.items()]
        sentences.append(wording.say(f"reports.holdings_{grouping}", parts=wording.members(parts)))
    tables = Counter(_tables(report) for report in reports)
    sentences.append(wording.say("reports.holdings_tables", **{key: tables[key] for key in ("all", "some", "none")}))
    draft = answer_report_groups(inquiry.with_plan(inquiry.plan.model_copy(update={"group_by": ("year",)})))
    draft.sentences, draft.value, draft.unit = sentences, len(reports), unit["reports"]
    return draft


def _tables(report: Report) -> str:
    if not report.tables:
        return "none"
    return "all" if len(report.tables) == len(catalogue().table_names) else "some"
