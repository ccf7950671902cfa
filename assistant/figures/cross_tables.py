"""Cross-tables: a measure split by two groupings at once, one row for each cell that there is.

A cell of which nothing is known stays unknown; totals are of known cells only, and say on how many reports they rest.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

from assistant.answering.absence import no_reports, none_states
from assistant.answering.charts import Series, draw
from assistant.answering.citations import markers
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.wording import MEMBERS_NAMED
from assistant.figures.closing import close
from assistant.figures.exact import total
from assistant.figures.group_rows import cell_rows
from assistant.figures.grouping import PARTS, Cell, Group, Split, coarse_outcomes, split
from assistant.figures.groups import completed
from assistant.figures.summaries import Summary, cites_of, statistic_of
from assistant.figures.summary_wording import is_fraction, say_summarised, say_value, unit_of
from assistant.figures.verdicts import Verdicts, judge
from assistant.plan import Criterion, Plan

_COLUMNS_NAMED = 6
"""How many cells of a row the text names; a row of more has its largest there, and all of them in the answer's rows."""


def answer_cross_table(inquiry: Inquiry) -> Draft:
    """The plan's measure by two groupings; a row for each cell, in the order of the table's rows."""
    inquiry = completed(inquiry)
    plan = inquiry.plan
    on_cells = plan.condition if plan.operation == "list" or set(plan.group_by) & set(PARTS) else None
    verdicts = judge(inquiry, [c for c in plan.criteria if not (c.is_own and on_cells is not None)])
    table = _split(inquiry, verdicts)
    if not table.cells:
        return no_reports(inquiry)
    if table.is_unknown:
        return none_states(inquiry, table.figures)
    chosen = _satisfying(table.cells, on_cells)
    by_row = [list(of_row) for _, of_row in itertools.groupby(chosen, key=lambda cell: cell.groups[0].key)]
    sentences = [_lead(inquiry, table.cells, chosen, on_cells), *_rows_in_words(inquiry, by_row)]
    if on_cells is None:
        sentences += _totals(inquiry, table.cells)
    end = close(inquiry, table.summaries, [verdicts])
    return Draft(
        end.status,
        sentences + end.sentences,
        rows=cell_rows(inquiry, chosen),
        coverage=end.coverage,
        warnings=end.warnings,
        chart=_bars(inquiry, chosen),
    )


def _split(inquiry: Inquiry, verdicts: Verdicts | None) -> Split:
    """The cells; by the form's six headings where no report in scope gives a single outcome."""
    plan = inquiry.plan
    table = split(inquiry, plan.group_by, verdicts)
    if "outcome" in plan.group_by and table.cells and table.is_unknown:
        coarse = split(inquiry.with_plan(coarse_outcomes(plan)), plan.group_by, verdicts)
        return table if coarse.is_unknown else coarse
    return table


def _satisfying(cells: Sequence[Cell], condition: Criterion | None) -> list[Cell]:
    if condition is None:
        return list(cells)
    return [cell for cell in cells if cell.summary.value is not None and condition.holds(cell.summary.value)]


def _lead(inquiry: Inquiry, cells: Sequence[Cell], chosen: Sequence[Cell], condition: Criterion | None) -> str:
    """What the table is of, and how large it is."""
    wording, plan = inquiry.wording, inquiry.plan
    rows, columns = (len({cell.groups[axis].key for cell in cells}) for axis in (0, 1))
    key = "table" if condition is None else "table_satisfying"
    return wording.say(
        f"breakdown.{key}",
        scope=inquiry.scope_name,
        measure=say_summarised(inquiry, plan, statistic_of(plan)),
        first=wording.phrase(f"breakdown.axis_{plan.group_by[0]}"),
        second=wording.phrase(f"breakdown.axis_{plan.group_by[1]}"),
        rows=rows,
        columns=columns,
        cells=len(chosen),
    )


def _rows_in_words(inquiry: Inquiry, by_row: Sequence[Sequence[Cell]]) -> list[str]:
    """The first rows of the table, each with its cells; of more, that the answer's rows hold them all."""
    wording = inquiry.wording
    named = max(1, MEMBERS_NAMED // 2)
    said = [
        wording.phrase("breakdown.table_row", row=cells[0].groups[0].name, cells=_cells_in_words(inquiry, cells))
        for cells in by_row[:named]
    ]
    if len(by_row) > named:
        said.append(wording.phrase("breakdown.table_more", count=len(by_row)))
    return [wording.clauses(said)] if said else []


def _cells_in_words(inquiry: Inquiry, cells: Sequence[Cell]) -> str:
    """The cells of one row: those above zero (of many the largest), that the rest is zero, how many are unknown."""
    wording = inquiry.wording
    known = [(value, cell) for cell in cells if (value := cell.summary.value) is not None]
    shown = [cell for value, cell in known if value]
    if len(shown) > _COLUMNS_NAMED:
        largest = sorted(shown, key=lambda cell: -(cell.summary.value or 0))[:_COLUMNS_NAMED]
        left, shown = len(shown) - _COLUMNS_NAMED, [cell for cell in shown if cell in largest]
    else:
        left = 0
    clauses = [_cell_in_words(inquiry, cell) for cell in shown]
    if left:
        clauses.append(wording.phrase("breakdown.other_cells", count=left))
    zero = [cell for value, cell in known if not value]
    if zero and not clauses:
        cites = markers(cites_of(inquiry, zero[0].summary))
        clauses.append(wording.phrase("breakdown.all_zero", cites=cites))
    elif zero:
        clauses.append(wording.phrase("breakdown.rest_zero"))
    baseless = sum(cell.summary.is_baseless for cell in cells)
    if baseless:
        clauses.append(wording.phrase("breakdown.baseless_parts", count=baseless))
    unknown = len(cells) - len(known) - baseless
    if unknown:
        clauses.append(wording.phrase("breakdown.unknown_parts", count=unknown))
    return ("，" if wording.language == "zh" else ", ").join(clauses)


def _cell_in_words(inquiry: Inquiry, cell: Cell) -> str:
    summary = cell.summary
    value = "—" if summary.value is None else say_value(inquiry, cell.measure, summary.statistic, summary.value)
    cites = markers(cites_of(inquiry, summary))
    return inquiry.wording.phrase("breakdown.part", name=cell.groups[1].name, value=value, cites=cites)


def _totals(inquiry: Inquiry, cells: Sequence[Cell]) -> list[str]:
    """The totals of the first axis' groups over known cells, with the number of body-years that each rests on."""
    plan, wording = inquiry.plan, inquiry.wording
    statistic = statistic_of(plan)
    if not adds_up(plan):
        return []
    axis = 1 if plan.group_by[0] == "body" else 0
    of_group: dict[Group, list[Summary]] = defaultdict(list)
    for cell in cells:
        of_group[cell.groups[axis]].append(cell.summary)
    margins = [(group, _added(summaries), _reports(summaries)) for group, summaries in of_group.items()]
    said = [
        wording.phrase(
            "comparison.group",
            group=group.name,
            value=say_value(inquiry, cells[0].measure, statistic, value),
            count=reports,
        )
        for group, value, reports in margins
        if value
    ]
    if not said:
        return []
    shown = said[:MEMBERS_NAMED]
    if len(said) > len(shown):
        shown[-1] += wording.phrase("list.more", count=len(said))
    elif any(value == 0 for _, value, _ in margins):
        shown.append(wording.phrase("breakdown.rest_zero"))
    return [wording.say("breakdown.totals", parts=wording.semicolons(shown))]


def adds_up(plan: Plan) -> bool:
    """Whether the cells of a table have totals: sums and counts do, means and shares don't."""
    statistic = statistic_of(plan)
    return statistic in ("sum", "count") and not is_fraction(plan, statistic)


def _added(summaries: Sequence[Summary]) -> Fraction | None:
    """What is known of several cells, added; ``None`` where nothing is."""
    values = [summary.value for summary in summaries if summary.value is not None]
    return total(values) if values else None


def _reports(summaries: Sequence[Summary]) -> int:
    """How many body-years the total of several cells rests on, each counted once."""
    return len({m.unit_of_count for summary in summaries for m in summary.resting_on})


def _bars(inquiry: Inquiry, cells: Sequence[Cell]) -> dict[str, object] | None:
    """Stacked bars, one for each group of the first axis; lines where the other axis is the years."""
    plan = inquiry.plan
    if not cells:
        return None
    values = {(c.groups[0].key, c.groups[1].key): c.summary.value for c in cells}
    first, second = (list({c.groups[axis].key: c.groups[axis] for c in cells}.values()) for axis in (0, 1))
    statistic = statistic_of(plan)
    along, across = (second, first) if plan.group_by[1] == "year" else (first, second)

    def value_of(point: Group, series: Group) -> Fraction | None:
        pair = (series.key, point.key) if plan.group_by[1] == "year" else (point.key, series.key)
        return values.get(pair)

    return draw(
        "line" if "year" in plan.group_by else "stacked_bar" if adds_up(plan) else "bar",
        say_summarised(inquiry, plan, statistic),
        unit_of(inquiry, cells[0].measure, statistic),
        [group.name for group in along],
        [Series(group.name, tuple(value_of(point, group) for point in along)) for group in across],
    )
