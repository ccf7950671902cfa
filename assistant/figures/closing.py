"""What ends an answer about groups, sides or years: what is left out, of whom it can't be told, and the coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Coverage, Status
from assistant.answering.coverage import cover, coverage_in_words
from assistant.answering.inquiry import Inquiry
from assistant.answering.observations import Observation
from assistant.answering.showing import conflict_warnings
from assistant.figures.measure_wording import base_year
from assistant.figures.members import say_open
from assistant.figures.summaries import Summary, figures_of, is_unmeasured, statistic_of
from assistant.figures.territories import overlaps
from assistant.figures.verdicts import Verdicts
from vectorstore.records import Report


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of an answer: its last sentences, its coverage and warnings, and how far it is answered."""

    sentences: list[str]
    coverage: Coverage
    warnings: list[str]
    status: Status


def close(
    inquiry: Inquiry,
    summaries: Sequence[Summary],
    verdicts: Sequence[Verdicts | None] = (),
    reports: Sequence[Report] | None = None,
) -> Closing:
    """The end of an answer that rests on summaries.

    Args:
        verdicts: Of the criteria, one for each side that was judged by itself.
        reports: Those in scope, where they aren't the plan's.
    """
    figures = figures_of(summaries)
    covered = inquiry.reports if reports is None else reports
    coverage = cover(covered, [o for o in figures if o.is_own])
    torn = any(o.value is None and o.values for o in figures) or any(v is not None and v.is_torn for v in verdicts)
    sentences = [
        *_say_nested(inquiry, summaries),
        *_say_undecided(inquiry, verdicts),
        *_say_unmeasured(inquiry, summaries),
    ]
    return Closing(
        [*sentences, *coverage_in_words(inquiry, coverage, figures)],
        coverage,
        _warnings(inquiry, summaries, figures),
        "partial" if torn else "answered",
    )


def _say_nested(inquiry: Inquiry, summaries: Sequence[Summary]) -> list[str]:
    """The governments that are in no sum or mean because their parts are."""
    nested = {m.unit_of_count: m.current[0].body for summary in summaries for m in summary.nested}
    if not nested:
        return []
    names = [inquiry.wording.body_year(body, year) for (_, year), body in nested.items()]
    return [inquiry.wording.say("aggregate.governments_left_out", members=inquiry.wording.members(names))]


def _say_undecided(inquiry: Inquiry, verdicts: Sequence[Verdicts | None]) -> list[str]:
    sentences: list[str] = []
    for judged in verdicts:
        if judged is not None:
            membership = judged.membership
            sentences += say_open(inquiry.with_plan(judged.plan), membership, membership.unknown, shows_year=True)
    return list(dict.fromkeys(sentences))


def _say_unmeasured(inquiry: Inquiry, summaries: Sequence[Summary]) -> list[str]:
    """Those who state figures from which nothing follows: a base of zero, or no number for the year before."""
    wording, plan = inquiry.wording, inquiry.plan
    if not plan.change and not plan.denominators:
        return []
    counted = {m.unit_of_count for summary in summaries for m in summary.counted}
    everyone = {m.unit_of_count: m for summary in summaries for m in summary.members if is_unmeasured(m)}
    found = [m for unit, m in everyone.items() if unit not in counted]
    lacking = [m for m in found if plan.change and not (m.before and all(o.value is not None for o in m.before))]
    sentences, former = [], base_year(wording, plan)
    if len(found) > len(lacking):
        base, count = wording.added(plan.denominators), len(found) - len(lacking)
        said = wording.say("share.no_base", count=count, denominator=base)
        sentences.append(said if plan.denominators else wording.say("measure.no_rate", count=count, base=former))
    if lacking:
        names = [wording.body_year(m.current[0].body, m.current[0].year) for m in lacking]
        sentences.append(
            wording.say("list.no_year_before", base=former, count=len(names), members=wording.members(names))
        )
    return sentences


def _warnings(inquiry: Inquiry, summaries: Sequence[Summary], figures: Sequence[Observation]) -> list[str]:
    """What is contradictory, counted twice or approximate."""
    wording = inquiry.wording
    warnings = conflict_warnings(inquiry, figures)
    counted = [[o for m in summary.counted for o in m.current] for summary in summaries]
    if statistic_of(inquiry.plan) != "count" and any(overlaps(of_one) for of_one in counted):
        warnings.append(wording.say("aggregate.overlap"))
    if any(o.qualifier for of_one in counted for o in of_one for reading in o.readings if reading.qualifier):
        warnings.append(wording.say("aggregate.approximate"))
    return warnings
