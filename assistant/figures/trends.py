"""How a measure goes from year to year: of one or several bodies, of groups, or of all that is in scope."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from assistant.answer import Row
from assistant.answering.absence import no_reports, none_states, reason
from assistant.answering.charts import Series, draw
from assistant.answering.citations import markers
from assistant.answering.deferred import Deferred
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.observations import Observation
from assistant.answering.showing import derivation, quantity, readings_in_words
from assistant.answering.wording import as_number
from assistant.figures.closing import close
from assistant.figures.exact import course_of
from assistant.figures.group_rows import cell_row, summary_row
from assistant.figures.grouping import Cell, split
from assistant.figures.like_for_like import say_like_for_like
from assistant.figures.measuring import Measured
from assistant.figures.summaries import Summary, cites_of, statistic_of
from assistant.figures.summary_wording import is_fraction, say_difference, say_summarised, say_value, unit_of
from assistant.figures.verdicts import judge
from assistant.plan import Grouping, Plan

_LINES_NAMED = 6
"""How many lines the text describes; the rows hold all of them."""


@dataclass(frozen=True, slots=True)
class Point:
    """A year of a line; ``cell`` is what the body, the group or the scope shows in that year."""

    year: int
    cell: Cell

    @property
    def summary(self) -> Summary:
        """What is known of the year."""
        return self.cell.summary

    @property
    def value(self) -> Fraction | None:
        """The year's value; ``None`` where it is unknown."""
        return self.cell.summary.value


@dataclass(frozen=True, slots=True)
class Line:
    """The years of one body, of one group or of the whole scope, ascending; years without a report have no point."""

    name: str
    points: tuple[Point, ...]

    @property
    def known(self) -> list[tuple[int, Fraction]]:
        """The years of known value."""
        return [(point.year, point.value) for point in self.points if point.value is not None]

    def change(self) -> Fraction | None:
        """From the first known year to the last; ``None`` where fewer than two are known."""
        return self.known[-1][1] - self.known[0][1] if len(self.known) > 1 else None

    def value_in(self, year: int) -> Fraction | None:
        """The value of a year; ``None`` where it is unknown or has no report."""
        return next((point.value for point in self.points if point.year == year), None)


def answer_trend(inquiry: Inquiry) -> Draft:
    """The years of the named bodies, of groups or of the scope; ``value`` is the change from the first to the last.

    A change in the plan is how the trend is told: in percent, the value is the change as a share of the first year.
    Where the plan asks how many times, it is the last year over the first.
    """
    inner = inquiry.with_plan(_of_years(inquiry.plan))
    axis = _axis(inquiry.plan)
    by_year = split(inner, (*_axes(inquiry.plan), "year"), judge(inner, inner.plan.criteria))
    by_year = by_year.with_cells([cell for cell in by_year.cells if isinstance(cell.groups[-1].key, int)])
    if not by_year.cells:
        return no_reports(inquiry)
    if not any(o.values for o in by_year.figures):
        return none_states(inner, by_year.figures)
    lines = _lines(inner, by_year.cells, axis)
    sentences = _leading(inner, lines)
    for line in lines[:_LINES_NAMED]:
        sentences += [_course_of(inquiry, inner, line), *_gaps(inner, line)]
    if len(lines) > _LINES_NAMED:
        sentences.append(inner.wording.say("comparison.more_lines", count=len(lines)))
    end = close(inner, by_year.summaries, [by_year.verdicts])
    like = [] if axis else say_like_for_like(inner, [(p.year, p.summary) for p in lines[0].points])
    percent = asks_percent(inquiry.plan)
    change = (_rate(lines[0]) if percent or inquiry.plan.times else lines[0].change()) if len(lines) == 1 else None
    if inquiry.plan.times and change is not None:
        change += 1
        sentences.append(_say_times(inner, lines[0], change))
    has_unit = len(lines) == 1 and not (percent or inquiry.plan.times)
    is_settled = all(line.change() is not None for line in lines) and (change is not None or len(lines) > 1)
    return Draft(
        end.status if is_settled else "partial",
        [*sentences, *like, *(end.sentences if axis != "body" else [])],
        value=as_number(change),
        unit=unit_of(inner, inner.plan, statistic_of(inner.plan)) if has_unit else None,
        rows=_rows(inner, lines, axis),
        coverage=end.coverage,
        warnings=end.warnings + like[:1],
        chart=_chart(inner, lines),
    )


def asks_percent(plan: Plan) -> bool:
    """Whether the change is asked for as a rate."""
    return plan.change == "percent" or plan.aspect == "percent_change"


def _of_years(plan: Plan) -> Plan:
    """The plan of which each year's value is a point.

    A change to one year is a change from the year before; a latest report alone has no trend. Where there are criteria
    and nothing else is said, those that satisfy them are counted.
    """
    years = plan.scope.years
    scope = plan.scope.model_copy(
        update={"years": (years[0] - 1, years[0]) if len(years) == 1 else years, "latest": False}
    )
    statistic = plan.statistic or ("count" if plan.criteria else None)
    return plan.model_copy(
        update={"scope": scope, "change": None, "statistic": statistic, "group_by": (*_axes(plan), "year")}
    )


def _axes(plan: Plan) -> tuple[Grouping, ...]:
    axis = _axis(plan)
    return (axis,) if axis else ()


def _axis(plan: Plan) -> Grouping | None:
    """What each line is of: the grouping beside the year, else the bodies that are named; ``None`` of a single line."""
    other: list[Grouping] = [grouping for grouping in plan.group_by if grouping != "year"]
    return other[0] if other else "body" if plan.scope.bodies else None


def _lines(inquiry: Inquiry, cells: Sequence[Cell], axis: Grouping | None) -> list[Line]:
    def key(cell: Cell) -> object:
        return cell.groups[0].key if axis else None

    lines = []
    for _, of_line in itertools.groupby(cells, key=key):
        points = [Point(year, cell) for cell in of_line if isinstance(year := cell.groups[-1].key, int)]
        name = points[0].cell.groups[0].name if axis else inquiry.scope_name
        lines.append(Line(name, tuple(sorted(points, key=lambda point: point.year))))
    return lines


def _leading(inquiry: Inquiry, lines: Sequence[Line]) -> list[str]:
    """Of several lines, which is highest in the last year that all of them know, and whose rise is the largest."""
    if len(lines) < 2:
        return []
    wording, statistic = inquiry.wording, statistic_of(inquiry.plan)
    sentences = []
    common = set.intersection(*({year for year, _ in line.known} for line in lines))
    if common:
        year = max(common)
        ranked = sorted(lines, key=lambda line: -(line.value_in(year) or 0))
        most, next_most = (line.value_in(year) or Fraction(0) for line in ranked[:2])
        difference = say_difference(inquiry, inquiry.plan, statistic, most - next_most)
        key = "leads_tied" if most == next_most else "leads" if len(lines) == 2 else "leads_of_many"
        sentences.append(
            wording.say(
                f"comparison.{key}",
                year=year,
                a=ranked[0].name,
                b=ranked[1].name,
                metric=say_summarised(inquiry, inquiry.plan, statistic),
                difference=difference,
            )
        )
    changes = [(change, line.name) for line in lines if (change := line.change()) is not None]
    best = max(changes, default=None, key=lambda pair: pair[0])
    if best is not None and best[0] > 0 and len(changes) > 1:
        said = say_difference(inquiry, inquiry.plan, statistic, best[0])
        sentences.append(wording.say("comparison.rose_most", a=best[1], difference=said))
    return sentences


def _course_of(inquiry: Inquiry, inner: Inquiry, line: Line) -> str:
    """How a line goes, then its years, each with its value."""
    wording, plan = inner.wording, inner.plan
    statistic = statistic_of(plan)
    values = [_say_point(inner, point) for point in line.points if _is_told(point)]
    single = all(len(point.summary.members) == 1 for point in line.points) and statistic not in ("count", "share")
    naming = {
        "body": line.name,
        "metric": wording.added(plan.metrics)
        if single and not plan.denominators
        else say_summarised(inner, plan, statistic),
        "values": wording.join(values),
    }
    change, known = line.change(), line.known
    if change is None:
        return wording.say("comparison.one_year", **naming)
    key = course_of(change)
    sentence = wording.say(
        f"comparison.{key}",
        verdict=_course(inner, [value for _, value in known], key),
        first_year=known[0][0],
        last_year=known[-1][0],
        difference=say_difference(inner, plan, statistic, change),
        percent=_percent_change(inquiry, inner, known[0][1], change),
        **naming,
    )
    return sentence + (_steps(inner, line) if inquiry.plan.change is not None and len(known) > 2 else "")


def _steps(inquiry: Inquiry, line: Line) -> str:
    """The change from each known year to the next."""
    wording, statistic = inquiry.wording, statistic_of(inquiry.plan)
    steps = []
    for (_, before), (year, now) in itertools.pairwise(line.known):
        change = now - before
        size = say_difference(inquiry, inquiry.plan, statistic, change)
        percent = _percent(inquiry, before, change)
        steps.append(wording.phrase(f"comparison.step_{course_of(change)}", year=year, size=size, percent=percent))
    return wording.say("comparison.steps", steps=wording.join(steps))


def _is_told(point: Point) -> bool:
    return point.value is not None or _is_torn(point)


def _is_torn(point: Point) -> bool:
    """Whether the year's only figure is contradictory, without a reading that counts."""
    figure = _figure(point.summary.members)
    return point.value is None and figure is not None and bool(figure.values)


def _figure(members: Sequence[Measured]) -> Observation | None:
    """The only figure of a year."""
    figures = [o for m in members for o in m.current]
    return figures[0] if len(figures) == 1 else None


def _say_point(inquiry: Inquiry, point: Point) -> str:
    wording, summary = inquiry.wording, point.summary
    figure = _figure(summary.members) if summary.statistic not in ("count", "share") else None
    if point.value is None:
        both = readings_in_words(inquiry, figure) if figure else ""
        return wording.phrase("comparison.year_value", year=point.year, value=both, note="", cites="")
    cites = markers(cites_of(inquiry, summary))
    value = (
        quantity(inquiry, figure) if figure else say_value(inquiry, point.cell.measure, summary.statistic, point.value)
    )
    note = ""
    if figure is not None and figure.state == "derived":
        note = wording.phrase("comparison.derived_note", note=derivation(inquiry, figure))
    elif len(summary.members) > 1:
        note = wording.phrase("comparison.stating", count=summary.reports)
    return wording.phrase("comparison.year_value", year=point.year, value=value, note=note, cites=cites)


def _percent_change(inquiry: Inquiry, inner: Inquiry, first: Fraction, change: Fraction) -> str:
    """The change as a share of the first value, in brackets; what starts at 0 has no such share."""
    if not first and change and asks_percent(inquiry.plan):
        return inquiry.wording.phrase("comparison.no_percent")
    return _percent(inner, first, change)


def _percent(inquiry: Inquiry, first: Fraction, change: Fraction) -> str:
    if not first or not change or is_fraction(inquiry.plan, statistic_of(inquiry.plan)):
        return ""
    percent = f"{inquiry.wording.number(round(abs(change) / first * 100, 1))}%"
    return inquiry.wording.phrase(f"comparison.percent_{course_of(change)}", percent=percent)


def _rate(line: Line) -> Fraction | None:
    change = line.change()
    first = line.known[0][1] if line.known else Fraction(0)
    return change / first if change is not None and first else None


def _say_times(inquiry: Inquiry, line: Line, times: Fraction) -> str:
    """How many times the first known year's value the last one's is."""
    (first, _), (last, _) = line.known[0], line.known[-1]
    return inquiry.wording.say("comparison.times_year", first=first, last=last, times=inquiry.wording.number(times))


def _course(inquiry: Inquiry, values: Sequence[Fraction], key: str) -> str:
    """How a series goes, in a word or two: what is said first. ``key`` is how its end stands to its start."""
    signs = {(b > a) - (b < a) for a, b in itertools.pairwise(values)}
    of_course = "verdict" if len(values) == 2 else "every_year" if len(signs) == 1 else "mixed"
    return inquiry.wording.phrase(f"comparison.{of_course}_{key}")


def _gaps(inquiry: Inquiry, line: Line) -> list[str]:
    """The years asked for, or between the first and the last, of which there is no report or no usable value."""
    wording = inquiry.wording
    told = [point.year for point in line.points]
    known = [point.year for point in line.points if _is_told(point)]
    asked = inquiry.plan.scope.years or (tuple(range(min(known), max(known) + 1)) if known else ())
    missing = [year for year in asked if year not in told]
    sentences = []
    if missing:
        sentences.append(wording.say("comparison.missing_years", body=line.name, years=wording.years(missing)))
    silent = [point for point in line.points if not _is_told(point)]
    clauses = [_why_unknown(inquiry, point, line) for point in silent]
    return sentences + ([wording.clauses(clauses)] if clauses else [])


def _why_unknown(inquiry: Inquiry, point: Point, line: Line) -> str:
    figure = _figure(point.summary.members)
    if figure is not None:
        return reason(inquiry, figure)
    return inquiry.wording.phrase(
        "comparison.silent_year", body=line.name, year=point.year, count=len(point.summary.members)
    )


def _rows(inquiry: Inquiry, lines: Sequence[Line], axis: Grouping | None) -> Deferred[Row]:
    """A row for each year of each line, made when it is looked at."""
    rows = (_row(inquiry, line, point, axis) for line in lines for point in line.points)
    return Deferred(rows, sum(len(line.points) for line in lines))


def _row(inquiry: Inquiry, line: Line, point: Point, axis: Grouping | None) -> Row:
    if axis == "body":
        return summary_row(inquiry, point.cell.measure, point.summary, None, body=line.name)
    return cell_row(inquiry, point.cell)


def _chart(inquiry: Inquiry, lines: Sequence[Line]) -> dict[str, object] | None:
    """A line for each, over every year from the first to the last; a year without a value is a gap."""
    years = [point.year for line in lines for point in line.points]
    span = range(min(years), max(years) + 1)
    named = say_summarised(inquiry, inquiry.plan, statistic_of(inquiry.plan))
    return draw(
        "line",
        f"{lines[0].name} {named}" if len(lines) == 1 else named,
        unit_of(inquiry, inquiry.plan, statistic_of(inquiry.plan)),
        [str(year) for year in span],
        [Series(line.name, tuple(line.value_in(year) for year in span)) for line in lines],
    )
