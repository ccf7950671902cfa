"""What reports don't say: metrics they are silent about, cells that are blank or can't be read, sections they lack."""

from __future__ import annotations

from collections import Counter

from assistant.answer import RowState
from assistant.answering.absence import none_states
from assistant.answering.coverage import cover
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.observations import Observation, by_unit, observe
from assistant.answering.report_rows import all_stated, report_row, say_looked_at
from assistant.answering.showing import conflict_warnings, rows_of
from assistant.corpus.checked import checked_scope
from vectorstore.records import Report, Scope, SectionRole, State

_STATES: dict[str, tuple[State, ...]] = {
    "blank": (State.BLANK, State.NOT_APPLICABLE),
    "unreadable": (State.UNREADABLE,),
}
_ALSO: dict[SectionRole, tuple[SectionRole, ...]] = {
    SectionRole.APPLICATIONS: (SectionRole.APPLICATION_TABLE,),
    SectionRole.PROACTIVE: (SectionRole.PROACTIVE_TABLE,),
}
"""Sections of another role that tell of the same."""
_CITED_REPORTS, _CITED_CELLS = 20, 3
_LEAST_CONTENT = 2
"""Characters below a heading that are more than a stray mark."""
_CERTAIN_LENGTH = 20
"""Characters of a section below its heading that can't be white space alone; only of shorter ones is the text read."""


def answer_gaps(inquiry: Inquiry) -> Draft:
    """Reports without a value for the metrics asked for; where none is asked for, with blank or unreadable cells."""
    plan = inquiry.plan
    if not plan.metrics:
        aspect = plan.aspect if plan.aspect in _STATES else "blank"
        return _cells_of_reports(inquiry, aspect)
    observations = observe(inquiry, plan.metrics)
    if not observations:
        return none_states(inquiry, observations)
    wording = inquiry.wording
    wanted = _STATES.get(plan.aspect or "")
    unknown = [
        next(o for o in unit if _is_wanted(o, wanted))
        for unit in by_unit(observations)
        if any(_is_wanted(o, wanted) for o in unit)
    ]
    colon = "：" if wording.language == "zh" else ": "
    members = [f"{wording.body_year(o.body, o.year)}{colon}{wording.phrase(f'state.{o.state}')}" for o in unknown]
    named = plan.aspect if wanted else "silent"
    coverage = cover(inquiry.reports, observations)
    sentence = wording.say(
        f"reports.{named}" if unknown else f"reports.none_{named}",
        scope=inquiry.scope_name,
        count=len(unknown),
        metric=wording.metric(plan.metrics, plan.combine),
        members=wording.members(members),
    )
    return Draft(
        "answered",
        [
            sentence,
            _by_state(inquiry, unknown),
            say_looked_at(inquiry),
        ],
        value=len(unknown),
        unit=wording.phrase("unit.reports"),
        rows=rows_of(inquiry, unknown),
        coverage=coverage,
        warnings=conflict_warnings(inquiry, observations),
    )


def _is_wanted(observation: Observation, states: tuple[State, ...] | None) -> bool:
    return observation.state in states if states else not observation.values


def _by_state(inquiry: Inquiry, unknown: list[Observation]) -> str:
    """How many are silent, blank and unreadable, where they aren't all alike."""
    counted = Counter(o.state for o in unknown)
    if len(counted) < 2:
        return ""
    wording = inquiry.wording
    parts = [
        wording.phrase("reports.of_state", state=wording.phrase(f"state.{state}"), count=count)
        for state, count in counted.most_common()
    ]
    return wording.say("reports.by_state", parts=wording.join(parts))


def _cells_of_reports(inquiry: Inquiry, aspect: str) -> Draft:
    """Reports with any cell of the form that is blank, or that can't be read; each with how many."""
    wording = inquiry.wording
    tally = inquiry.index.tally_states(checked_scope(inquiry), _STATES[aspect])
    chosen = [report for report in inquiry.reports if tally.get(report.report_id)]
    cells = _cited_cells(inquiry, chosen, aspect)
    members = [wording.phrase("reports.with_cells", report=wording.report(r), count=tally[r.report_id]) for r in chosen]
    sentence = wording.say(
        f"reports.cells_{aspect}" if chosen else f"reports.no_cells_{aspect}",
        scope=inquiry.scope_name,
        count=len(chosen),
        members=wording.members(members),
    )
    state: RowState = "blank" if aspect == "blank" else "unreadable"
    note = {r.report_id: wording.phrase("reports.cells", count=tally[r.report_id]) for r in chosen}
    return Draft(
        "answered",
        [sentence, say_looked_at(inquiry)],
        value=len(chosen),
        unit=wording.phrase("unit.reports"),
        rows=[report_row(r, cells.get(r.report_id, ()), state=state, note=note[r.report_id]) for r in chosen],
        coverage=all_stated(inquiry.reports),
    )


def _cited_cells(inquiry: Inquiry, reports: list[Report], aspect: str) -> dict[str, tuple[int, ...]]:
    """The first few such cells of each report, where the reports aren't very many."""
    if not reports or len(reports) > _CITED_REPORTS:
        return {}
    found = inquiry.index.figures(Scope(report_ids=tuple(report.report_id for report in reports)))
    cited: dict[str, tuple[int, ...]] = {}
    for report in reports:
        of_state = [f for f in found if f.report_id == report.report_id and f.state in _STATES[aspect]]
        cited[report.report_id] = inquiry.citations.cite_figures(f.readings[0] for f in of_state[:_CITED_CELLS])
    return cited


def answer_section_gap(inquiry: Inquiry, role: str) -> Draft:
    """Reports without a section of a role, or with nothing below its heading."""
    wording = inquiry.wording
    wanted = (SectionRole(role), *_ALSO.get(SectionRole(role), ()))
    chosen = [report for report in inquiry.reports if not _has_section(inquiry, report, wanted)]
    section = wording.phrase(f"section_role.{role}")
    sentence = wording.say(
        "reports.without_section" if chosen else "reports.all_with_section",
        scope=inquiry.scope_name,
        count=len(chosen),
        section=section,
        members=wording.members([wording.report(report) for report in chosen]),
    )
    return Draft(
        "answered",
        [sentence, say_looked_at(inquiry)],
        value=len(chosen),
        unit=wording.phrase("unit.reports"),
        rows=[report_row(report, (), state="silent", label=section) for report in chosen],
        coverage=all_stated(inquiry.reports),
    )


def _has_section(inquiry: Inquiry, report: Report, roles: tuple[SectionRole, ...]) -> bool:
    for section in report.sections:
        if section.role not in roles:
            continue
        length = section.end - section.start - len(section.heading)
        if length > _CERTAIN_LENGTH:
            return True
        text = inquiry.citations.text(report.report_id)[section.start : section.end]
        if len(text.replace(section.heading, "", 1).strip()) >= _LEAST_CONTENT:
            return True
    return False
