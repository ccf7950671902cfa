"""Who has more, and by how much: bodies, groups or scopes set side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from assistant.answering.absence import no_reports, none_states
from assistant.answering.charts import Series, draw
from assistant.answering.citations import markers
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.observations import Observation
from assistant.answering.wording import MEMBERS_NAMED, as_number
from assistant.figures.closing import close
from assistant.figures.group_rows import summary_row
from assistant.figures.measure_wording import name_measure
from assistant.figures.members import answer_list
from assistant.figures.sides import Side, shared_units, sides_of_bodies, sides_of_groups, sides_of_scopes
from assistant.figures.summaries import cites_of, statistic_of, summarise
from assistant.figures.summary_wording import is_fraction, say_difference, say_summarised, say_value, unit_of
from assistant.figures.trends import answer_trend
from assistant.figures.values import describe, say_latest
from assistant.plan import Plan

Sides = Callable[[Inquiry], list[Side]]


def answer_compare(inquiry: Inquiry) -> Draft:
    """Bodies, groups or scopes side by side; ``value`` is the difference where two are compared by one measure.

    Where the plan asks for it, how many times the first is the second.

    Bodies over several years are compared as they go, year by year.
    """
    plan = inquiry.plan
    if plan.sides:
        return _compare(inquiry, sides_of_scopes)
    if plan.scope.bodies and plan.grouping in (None, "body", "year"):
        is_one_year = len(plan.scope.years) == 1 or (plan.scope.latest and len(plan.scope.bodies) > 1)
        if not is_one_year and len({report.year for report in inquiry.reports}) > 1:
            return answer_trend(inquiry)
        return _compare(inquiry, sides_of_bodies) if len(plan.scope.bodies) > 1 else answer_trend(inquiry)
    if plan.group_by:
        return _compare(inquiry, sides_of_groups)
    # Nothing is set against anything: everyone's value, and no count of them.
    draft = answer_list(inquiry.with_plan(plan.model_copy(update={"operation": "list"})))
    draft.value, draft.unit = None, None
    return draft


def _compare(inquiry: Inquiry, sides_of: Sides) -> Draft:
    plan, wording = inquiry.plan, inquiry.wording
    by_measure = [sides_of(inquiry.with_plan(measure)) for measure in _measures(plan)]
    figures = list({id(o): o for sides in by_measure for side in sides for o in side.figures}.values())
    if not figures:
        return no_reports(inquiry)
    if not any(o.values for o in figures):
        return none_states(inquiry, figures)
    sentences, differences = [], []
    for sides in by_measure:
        said, difference = _say_times(inquiry, sides) if plan.times and len(sides) == 2 else _verdict(inquiry, sides)
        sentences += [said, *_making(inquiry, sides), *_per_body(inquiry, sides)]
        differences.append(difference)
    every_side = [side for sides in by_measure for side in sides]
    if shared := shared_units(by_measure[0]):
        sentences.append(wording.say("comparison.overlapping", count=len(shared)))
    reports = list({r.report_id: r for side in every_side for r in side.reports}.values())
    end = close(inquiry, [s.summary for s in every_side], [s.verdicts for s in every_side], reports)
    is_told = None not in differences and all(side.summary.value is not None for side in every_side)
    value = differences[0] if len(differences) == 1 and len(by_measure[0]) == 2 else None
    return Draft(
        end.status if is_told else "partial",
        [*sentences, *say_latest(inquiry, figures), *([] if sides_of is sides_of_bodies else end.sentences)],
        value=as_number(value),
        unit=None
        if value is None or plan.times
        else unit_of(inquiry, every_side[0].measure, every_side[0].summary.statistic),
        rows=[summary_row(inquiry, side.measure, side.summary, side.name) for side in every_side],
        coverage=end.coverage,
        warnings=end.warnings,
        chart=_bars(inquiry, by_measure[0]) if len(by_measure) == 1 else None,
    )


def _measures(plan: Plan) -> list[Plan]:
    """The measures that are compared: a share, or each of the metrics."""
    counts_members = statistic_of(plan) in ("count", "share") and plan.criteria
    if plan.denominators or counts_members or len(plan.metrics) < 2:
        return [plan]
    return [plan.model_copy(update={"metrics": (metric,)}) for metric in plan.metrics]


def _verdict(inquiry: Inquiry, sides: Sequence[Side]) -> tuple[str, Fraction | None]:
    """Who has more, in a sentence, and by how much; ``None`` where it can't be told."""
    wording, measure = inquiry.wording, sides[0].measure
    statistic, named = sides[0].summary.statistic, _say_compared(inquiry, sides)
    known = [(side.summary.value, side.name) for side in sides if side.summary.value is not None]
    unknown = [side.name for side in sides if side.summary.value is None]
    if len(known) < 2:
        names = wording.members(unknown) or wording.members([side.name for side in sides])
        return wording.say("comparison.undecided", metric=named, bodies=names), None
    known.sort(key=lambda pair: -pair[0])
    (most, a), (next_most, b) = known[0], known[1]
    if most == next_most:
        tied = [name for value, name in known if value == most]
        if len(tied) == len(known):
            return wording.say("comparison.same", metric=named, bodies=wording.members(tied)), Fraction(0)
        return wording.say("comparison.tied_most", metric=named, bodies=wording.members(tied)), Fraction(0)
    key = "higher" if is_fraction(measure, statistic) else "more"
    difference = say_difference(inquiry, measure, statistic, most - next_most)
    many = "_of_many" if len(known) > 2 else ""
    return wording.say(f"comparison.{key}{many}", metric=named, a=a, b=b, difference=difference), most - next_most


def _say_times(inquiry: Inquiry, sides: Sequence[Side]) -> tuple[str, Fraction | None]:
    """How many times the first of two sides is the second; ``None`` where a side is unknown, or the second is zero."""
    wording = inquiry.wording
    first, second = (side.summary.value for side in sides)
    if first is None or second is None:
        return _verdict(inquiry, sides)
    names = {"metric": _say_compared(inquiry, sides), "a": sides[0].name, "b": sides[1].name}
    if not second:
        return wording.say("comparison.no_times", **names), None
    return wording.say("comparison.times", times=wording.number(first / second), **names), first / second


def _are_many(sides: Sequence[Side]) -> bool:
    return any(len(side.summary.members) > 1 for side in sides)


def _say_compared(inquiry: Inquiry, sides: Sequence[Side]) -> str:
    """What is compared; where each side is one body in one year, there is nothing to add up."""
    statistic, measure = sides[0].summary.statistic, sides[0].measure
    if _are_many(sides) or statistic in ("count", "share"):
        return say_summarised(inquiry.with_plan(measure), measure, statistic)
    return name_measure(inquiry.wording, measure)


def _making(inquiry: Inquiry, sides: Sequence[Side]) -> list[str]:
    """What each side has, and what that rests on."""
    wording = inquiry.wording
    if not _are_many(sides) and all(_figure(side) is not None for side in sides if side.summary.members):
        return [wording.clauses(describe(inquiry, o) for side in sides if (o := _figure(side)) is not None)]
    parts = [_say_side(inquiry, side) for side in sides[:MEMBERS_NAMED]]
    if len(sides) > len(parts):
        parts[-1] += wording.phrase("list.more", count=len(sides))
    return [wording.clauses(parts)]


def _figure(side: Side) -> Observation | None:
    """The only figure of a side that is one body in one year."""
    return side.figures[0] if len(side.figures) == 1 and not side.measure.change else None


def _say_side(inquiry: Inquiry, side: Side) -> str:
    wording, summary = inquiry.wording, side.summary
    if summary.value is None:
        key = "side_unknown" if summary.members else "side_empty"
        return wording.phrase(f"comparison.{key}", side=side.name, silent=len(summary.members))
    value = say_value(inquiry, side.measure, summary.statistic, summary.value)
    cited = value + markers(cites_of(inquiry, summary))
    silent = len(summary.members) - len(summary.known)
    key = "side_silent" if silent else "group"
    return wording.phrase(f"comparison.{key}", group=side.name, value=cited, count=summary.reports, silent=silent)


def _per_body(inquiry: Inquiry, sides: Sequence[Side]) -> list[str]:
    """The means beside sums over sides of different sizes, which by themselves would mislead."""
    wording, measure = inquiry.wording, sides[0].measure
    if sides[0].summary.statistic != "sum" or is_fraction(measure, "sum"):
        return []
    sizes = {len(side.summary.counted) for side in sides}
    if len(sizes) < 2 or any(not side.summary.counted for side in sides):
        return []
    parts = []
    for side in sides[:MEMBERS_NAMED]:
        average = summarise(measure, "mean", side.summary.counted).value
        if average is not None:
            said = say_value(inquiry, measure, "mean", average)
            parts.append(wording.phrase("comparison.mean_of", side=side.name, value=said))
    return [wording.say("comparison.per_body", parts=wording.join(parts))]


def _bars(inquiry: Inquiry, sides: Sequence[Side]) -> dict[str, object] | None:
    measure, statistic = sides[0].measure, sides[0].summary.statistic
    return draw(
        "bar",
        say_summarised(inquiry, measure, statistic),
        unit_of(inquiry, measure, statistic),
        [side.name for side in sides],
        [Series("", tuple(side.summary.value for side in sides))],
    )
