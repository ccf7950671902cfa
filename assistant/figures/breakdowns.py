"""A figure in its parts: by applicant, by outcome, or the metrics asked for beside one another."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.absence import no_reports, reason
from assistant.answering.charts import Series, draw
from assistant.answering.citations import markers
from assistant.answering.coverage import cover
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.observations import Observation, by_unit
from assistant.answering.showing import cite, cite_all, readings_in_words, row
from assistant.answering.wording import MEMBERS_NAMED, as_number
from assistant.figures.closing import close
from assistant.figures.comparisons import answer_compare
from assistant.figures.cross_tables import answer_cross_table
from assistant.figures.group_rows import cell_row
from assistant.figures.grouping import (
    PARTS,
    Cell,
    Split,
    coarse_outcomes,
    has_parts,
    part_ids,
    part_name,
    split,
    split_metrics,
)
from assistant.figures.groups import answer_groups
from assistant.figures.part_totals import say_totals
from assistant.figures.summaries import statistic_of
from assistant.figures.summary_wording import say_value, unit_of
from assistant.figures.trends import answer_trend
from assistant.figures.values import say_latest
from assistant.figures.verdicts import judge
from assistant.plan import Criterion
from assistant.prose.passages import quote_about_applications
from vectorstore.catalogue import COLUMN_SEPARATOR

_ZEROS_CITED = 3
"""Where all parts are zero, the text cites the first few; the rows cite each its own."""
_ZEROS_NAMED = 4
"""Of so many parts that are all zero the text says which they are."""
_SUMMARISED = ("top", "rank", "list", "share", "mean", "median", "count")
"""Operations that ask of applicants or outcomes what they ask of any groups."""


def answer_split(inquiry: Inquiry) -> Draft:
    """Whatever is split by the plan's ``group_by``: compared, followed over years, or told as it is.

    Two groupings make a cross-table. A split that the form doesn't make is left out, and said.
    """
    plan = inquiry.plan
    if "outcome" in plan.group_by and not plan.metrics:
        plan = plan.model_copy(update={"metrics": tuple(part_ids(plan, "outcome"))})
        inquiry = inquiry.with_plan(plan)
    unsplit = [grouping for grouping in plan.group_by if not has_parts(plan, grouping)]
    if unsplit:
        kept = tuple(grouping for grouping in plan.group_by if grouping not in unsplit)
        return _without(inquiry, unsplit[0], inquiry.with_plan(plan.model_copy(update={"group_by": kept})))
    if plan.operation in ("compare", "trend"):
        return answer_compare(inquiry) if plan.operation == "compare" else answer_trend(inquiry)
    if len(plan.group_by) > 1:
        return answer_cross_table(inquiry)
    if plan.grouping in PARTS and plan.operation not in _SUMMARISED:
        return answer_breakdown(inquiry)
    return answer_groups(inquiry) if plan.group_by else answer_breakdown(inquiry)


def _without(inquiry: Inquiry, grouping: str, rest: Inquiry) -> Draft:
    """The answer without a split that the form doesn't make, which is said first."""
    wording = inquiry.wording
    axis = wording.phrase(f"breakdown.axis_{grouping}")
    said = wording.say("breakdown.not_split", metric=wording.metrics_listed(inquiry.plan.metrics), axis=axis)
    draft = answer_split(rest)
    draft.sentences.insert(0, said)
    draft.status = "partial" if draft.status == "answered" else draft.status
    return draft


def answer_breakdown(inquiry: Inquiry) -> Draft:
    """The parts of a figure by applicant or outcome; without a grouping, the metrics asked for are the parts.

    A condition on the plan's own measure is on the parts: who applied at all. Of several bodies, or of one in several
    years, each has its own parts.
    """
    plan = inquiry.plan
    rows_by = _rows_by(inquiry)
    if rows_by is not None and plan.grouping in PARTS:
        by_both = plan.model_copy(update={"group_by": (rows_by, plan.grouping), "statistic": None})
        return answer_cross_table(inquiry.with_plan(by_both))
    parts = _split(inquiry)
    if not parts.cells:
        return no_reports(inquiry)
    if not any(o.values for o in parts.figures):
        return _nothing(inquiry, parts.figures)
    chosen = _chosen(plan.condition, parts.cells)
    shown = chosen if plan.condition is not None and chosen else parts.cells
    single = chosen[0] if plan.condition is not None and len(chosen) == 1 else None
    totals = say_totals(inquiry, parts.cells)
    first = parts.figures[0].unit_of_count
    several = any(o.unit_of_count != first for o in parts.figures)
    end = close(inquiry, parts.summaries, [parts.verdicts])
    return Draft(
        "partial" if parts.is_unknown else end.status if several else "answered",
        [
            _sentence(inquiry, parts, chosen, several),
            *totals,
            *(end.sentences if several else []),
            *say_latest(inquiry, parts.figures),
        ],
        value=as_number(single.summary.value) if single else None,
        unit=unit_of(inquiry, single.measure, single.summary.statistic) if single else None,
        rows=[cell_row(inquiry, cell) for cell in shown],
        coverage=end.coverage,
        warnings=[*end.warnings, *totals],
        chart=_bars(inquiry, shown),
    )


def _rows_by(inquiry: Inquiry) -> str | None:
    """What parts are to be told apart by besides: the bodies named, or the years of the only one."""
    if len(inquiry.plan.scope.bodies) > 1:
        return "body"
    if len(inquiry.plan.scope.bodies) == 1 and len({report.year for report in inquiry.reports}) > 1:
        return "year"
    return None


def _split(inquiry: Inquiry) -> Split:
    plan = inquiry.plan
    verdicts = judge(inquiry, [criterion for criterion in plan.criteria if not criterion.is_own])
    if plan.grouping is None:
        return split_metrics(inquiry, verdicts)
    parts = split(inquiry, plan.group_by, verdicts)
    if plan.grouping == "outcome" and not any(o.values for o in parts.figures):
        coarse = split(inquiry.with_plan(coarse_outcomes(plan)), plan.group_by, verdicts)
        return coarse if any(o.values for o in coarse.figures) else parts
    return parts


def _chosen(condition: Criterion | None, cells: Sequence[Cell]) -> list[Cell]:
    """The parts that the text names: those that satisfy the condition, else those above zero."""
    known = [(cell, value) for cell in cells if (value := cell.summary.value) is not None]
    return [cell for cell, value in known if (condition.holds(value) if condition is not None else value != 0)]


def _sentence(inquiry: Inquiry, split_by: Split, chosen: Sequence[Cell], several: bool) -> str:
    wording, plan, cells = inquiry.wording, inquiry.plan, split_by.cells
    clauses = [_say_part(inquiry, cell) for cell in chosen]
    for cell in cells:
        torn = [o for m in cell.summary.members for o in m.current if o.value is None and o.values]
        clauses += [cell.name + readings_in_words(inquiry, o) for o in torn]
    zero = [cell for cell in cells if cell.summary.value == 0 and cell not in chosen]
    if zero and not clauses:
        figures = [o for cell in zero[:_ZEROS_CITED] for o in _known(cell)[:1]]
        cites = dict.fromkeys(n for o in figures for n in cite(inquiry, o))
        key = "all_zero" if len(zero) > _ZEROS_NAMED else "these_zero" if len(zero) > 1 else "one_zero"
        names = wording.join(cell.name for cell in zero)
        clauses.append(wording.phrase(f"breakdown.{key}", names=names, cites=markers(cites)))
    elif zero and plan.condition is None:
        clauses.append(wording.phrase("breakdown.rest_zero"))
    unknown = [cell for cell in cells if not any(o.values for m in cell.summary.members for o in m.current)]
    if unknown:
        clauses.append(wording.phrase("breakdown.unknown_parts", count=len(unknown)))
    first = split_by.figures[0]
    base = plan.metrics[:1] or ("applications_new",)
    return wording.say(
        f"breakdown.{plan.grouping if plan.grouping in PARTS else 'metric'}",
        body=inquiry.scope_name if several else first.body,
        year="" if several else wording.year(first.year),
        metric=wording.metric([base[0].partition(COLUMN_SEPARATOR)[0]]),
        parts=("，" if wording.language == "zh" else ", ").join(clauses),
    )


def _say_part(inquiry: Inquiry, cell: Cell) -> str:
    # What adds nothing need not be cited in the text; the rows cite it.
    known = _known(cell)
    cites = cite_all(inquiry, [o for o in known if o.value] or known)
    summary = cell.summary
    value = say_value(inquiry, cell.measure, summary.statistic, summary.value) if summary.value is not None else "—"
    return inquiry.wording.phrase("breakdown.part", name=cell.name, value=value, cites=markers(cites))


def _known(cell: Cell) -> list[Observation]:
    return [o for m in cell.summary.supporting for o in m.observations if o.value is not None]


def _bars(inquiry: Inquiry, shown: Sequence[Cell]) -> dict[str, object] | None:
    plan = inquiry.plan
    title = (
        inquiry.wording.metric(plan.metrics[:1]) if plan.metrics else inquiry.wording.phrase("breakdown.axis_outcome")
    )
    measure, values = shown[0].measure, tuple(cell.summary.value for cell in shown)
    unit = unit_of(inquiry, measure, statistic_of(measure))
    return draw("bar", title, unit, [cell.name for cell in shown], [Series("", values)])


def _nothing(inquiry: Inquiry, figures: Sequence[Observation]) -> Draft:
    """No part is known: that, why, and what the prose says of applications instead."""
    wording, plan = inquiry.wording, inquiry.plan
    key = "no_outcome" if plan.grouping == "outcome" else "no_column" if plan.grouping == "column" else "no_metric"
    base = plan.metrics[:1] if plan.grouping in PARTS else plan.metrics
    reasons: dict[str, str] = {}
    sentences = []
    for unit in by_unit(figures)[:MEMBERS_NAMED]:
        first = unit[0]
        named = wording.metrics_listed(base or ("applications_new",))
        sentences.append(wording.say(f"breakdown.{key}", body=first.body, year=wording.year(first.year), metric=named))
        if first.picture is not None:
            reasons.setdefault(first.report.report_id, wording.clauses([reason(inquiry, first)]))
    sentences += reasons.values()
    quotes = quote_about_applications(inquiry) if plan.grouping == "outcome" and inquiry.bodies else []
    if quotes:
        sentences += [wording.say("breakdown.prose"), *quotes]
    return Draft(
        "partial" if quotes else "not_in_corpus",
        sentences,
        rows=[row(inquiry, o, label=_label(inquiry, o)) for o in figures],
        coverage=cover(inquiry.reports, [o for o in figures if o.is_own]),
    )


def _label(inquiry: Inquiry, figure: Observation) -> str:
    column = (figure.metric_id or "").partition(COLUMN_SEPARATOR)[2]
    if inquiry.plan.grouping == "column" and column:
        return part_name(inquiry, "column", column)
    return inquiry.wording.metric([figure.metric_id or ""])
