"""Whether years can be compared: on the same bodies, on different ones, or on some that all years have."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.citations import markers
from assistant.answering.inquiry import Inquiry
from assistant.figures.exact import course_of
from assistant.figures.summaries import Summary, cites_of, summarise
from assistant.figures.summary_wording import say_difference, say_value


def say_like_for_like(inquiry: Inquiry, years: Sequence[tuple[int, Summary]]) -> list[str]:
    """Where years rest on different bodies: a warning, then the change over those that all known years have.

    Empty where all years rest on the same bodies.
    """
    told = [(year, summary) for year, summary in years if summary.value is not None]
    bodies = [{m.unit_of_count[0] for m in summary.known} for _, summary in told]
    if len(told) < 2 or all(of_year == bodies[0] for of_year in bodies):
        return []
    wording, plan = inquiry.wording, inquiry.plan
    warning = wording.say("comparison.different_sets")
    common = set.intersection(*bodies)
    if not common:
        return [warning, wording.say("comparison.no_common")]
    verdicts = told[0][1].verdicts
    same = [
        (year, summarise(plan, summary.statistic, [m for m in summary.known if m.unit_of_count[0] in common], verdicts))
        for year, summary in told
    ]
    (first_year, first), (last_year, last) = same[0], same[-1]
    if first.value is None or last.value is None:
        return [warning]
    change = last.value - first.value
    return [
        warning,
        wording.say(
            f"comparison.like_{course_of(change)}",
            count=len(common),
            first_year=first_year,
            last_year=last_year,
            first=say_value(inquiry, plan, first.statistic, first.value) + markers(cites_of(inquiry, first)),
            last=say_value(inquiry, plan, last.statistic, last.value) + markers(cites_of(inquiry, last)),
            difference=say_difference(inquiry, plan, first.statistic, change),
        ),
    ]
