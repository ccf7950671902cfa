"""Coverage: the reports in scope, partitioned by what they say of what was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from assistant.answer import Coverage, RowState, WithoutValue
from assistant.answering.inquiry import Inquiry
from assistant.answering.observations import Observation, worst_states
from assistant.answering.showing import readings_in_words
from assistant.answering.wording import MEMBERS_NAMED
from vectorstore.records import Report

_COUNTED_AS: dict[RowState, RowState] = {"not_applicable": "blank"}
_NAMED_SINGLY = 3
"""Of more reports that give no value those with the same reason are named together."""
_USABLE: tuple[RowState, ...] = ("stated", "derived", "conflicting")


def cover(reports: Sequence[Report], observations: Sequence[Observation]) -> Coverage:
    """The reports in scope by the worst state among the metrics asked for.

    A report counts as stated when all of them are, as silent when it is silent on one of them; reports that are
    about the same body and year count alike.
    """
    states = worst_states(observations)
    of_report = [(report, states.get((report.body_id, report.year), "silent")) for report in reports]
    tally = Counter(_COUNTED_AS.get(state, state) for _, state in of_report)
    return Coverage(
        in_scope=len(reports),
        stated=tally["stated"],
        derived=tally["derived"],
        conflicting=tally["conflicting"],
        blank=tally["blank"],
        unreadable=tally["unreadable"],
        silent=tally["silent"],
        without_value=tuple(
            WithoutValue(report_id=report.report_id, body=report.body, year=report.year, state=state)
            for report, state in of_report
            if state not in _USABLE
        ),
    )


def cover_found(reports: Sequence[Report], found: set[str]) -> Coverage:
    """Coverage of a search: the reports in which something was found count as stated, all others as silent."""
    silent = [report for report in reports if report.report_id not in found]
    return Coverage(
        in_scope=len(reports),
        stated=len(reports) - len(silent),
        silent=len(silent),
        without_value=tuple(
            WithoutValue(report_id=r.report_id, body=r.body, year=r.year, state="silent") for r in silent
        ),
    )


def coverage_in_words(
    inquiry: Inquiry,
    coverage: Coverage,
    observations: Sequence[Observation],
    told: Collection[tuple[str, int | None]] = (),
) -> list[str]:
    """The sentences that end an answer about several reports: how many were looked at, which gave nothing.

    Args:
        told: Bodies and years of which the answer has said already that they give nothing, or contradict themselves.
    """
    if coverage.in_scope == 0:
        return []
    wording = inquiry.wording
    taken_in = [wording.say("coverage.taken_in", count=len(inquiry.taken_in))] if inquiry.taken_in else []
    if not coverage.without_value:
        sentences = [wording.say("coverage.all", scope=inquiry.scope_name, count=coverage.in_scope)]
    elif told and {w.report_id for w in coverage.without_value} <= _reports_of(observations, told):
        sentences = [wording.say("coverage.reports", scope=inquiry.scope_name, count=coverage.in_scope)]
    else:
        unknown = len(coverage.without_value)
        sentences = [
            wording.say(
                "coverage.some",
                scope=inquiry.scope_name,
                count=coverage.in_scope,
                known=coverage.in_scope - unknown,
                unknown=unknown,
                names=_all_without_value(inquiry, coverage.without_value),
            )
        ]
    contradicting = {
        o.unit_of_count: _contradiction(inquiry, o)
        for o in observations
        if o.state == "conflicting" and o.is_own and o.unit_of_count not in told
    }
    if contradicting:
        sentences.append(wording.say("coverage.conflicts", names=wording.some_of(list(contradicting.values()))))
    return [*taken_in, *sentences]


def _contradiction(inquiry: Inquiry, observation: Observation) -> str:
    wording = inquiry.wording
    name, readings = wording.body_year(observation.body, observation.year), readings_in_words(inquiry, observation)
    return f"{name}{readings}" if wording.language == "zh" else f"{name} {readings}"


def _reports_of(observations: Sequence[Observation], told: Collection[tuple[str, int | None]]) -> set[str]:
    return {o.report.report_id for o in observations if o.unit_of_count in told}


def _all_without_value(inquiry: Inquiry, reports: Sequence[WithoutValue]) -> str:
    """The reports that gave nothing, each with its reason; many of one year by their reasons."""
    wording, shown = inquiry.wording, reports[:MEMBERS_NAMED]
    if len(reports) <= _NAMED_SINGLY or len({report.year for report in reports}) > 1:
        return wording.members([_without_value(inquiry, report) for report in shown], len(reports))
    bodies: dict[str, list[str]] = {}
    for report in shown:
        bodies.setdefault(report.state, []).append(report.body)
    parts = [
        wording.phrase("coverage.of_state", why=wording.phrase(f"state.{state}"), names=wording.join(names))
        for state, names in bodies.items()
    ]
    more = "" if len(reports) == len(shown) else wording.phrase("list.more", count=len(reports))
    return wording.semicolons(parts) + more


def _without_value(inquiry: Inquiry, report: WithoutValue) -> str:
    """A report that gave nothing and why: 甲（2023年，报告未提及）."""
    wording = inquiry.wording
    why = wording.phrase(f"state.{report.state}")
    if wording.language == "zh":
        return f"{report.body}（{wording.year(report.year)}，{why}）"
    return f"{report.body} ({wording.year(report.year)}, {why})"
