"""Bodies and years by group: what each group shows, which satisfy a condition, which is first, where one stands."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from assistant.answering.absence import no_reports, none_states
from assistant.answering.charts import Series, draw
from assistant.answering.citations import markers
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.wording import MEMBERS_NAMED, as_number
from assistant.figures.closing import close
from assistant.figures.exact import mean, median
from assistant.figures.group_rows import cell_rows
from assistant.figures.grouping import PARTS, Cell, Split, split
from assistant.figures.summaries import cites_of, statistic_of
from assistant.figures.summary_wording import (
    is_fraction,
    say_condition,
    say_difference,
    say_summarised,
    say_value,
    unit_of,
)
from assistant.figures.verdicts import body_criteria, is_on_groups, judge
from assistant.plan import Criterion, Plan

_NARROWED_BY: dict[str, str] = {"kind": "kinds", "region": "regions", "year": "years", "body": "bodies"}


def answer_groups(inquiry: Inquiry) -> Draft:
    """The plan's measure by body, kind, region or year; the rows are the groups that the answer is about."""
    inquiry = completed(inquiry)
    if inquiry.plan.operation == "rank" and (draft := _rank_named(inquiry)):
        return draft
    groups = split_groups(inquiry)
    if not groups.cells:
        return no_reports(inquiry)
    if groups.is_unknown:
        return none_states(inquiry, groups.figures)
    if inquiry.plan.operation in ("top", "rank"):
        return _first_groups(inquiry, groups)
    on_groups = next((c for c in inquiry.plan.criteria if is_on_groups(c)), None)
    if inquiry.plan.operation == "list" and on_groups is not None:
        return _groups_satisfying(inquiry, groups, on_groups)
    shown = inquiry.wording.semicolons(_first_in_words(inquiry, groups.cells))
    sentence = inquiry.wording.say("breakdown.groups", parts=shown, **_naming(inquiry))
    return _drafted(inquiry, [sentence], groups.cells, groups)


def completed(inquiry: Inquiry) -> Inquiry:
    """The inquiry with what a plan leaves open about its criteria.

    Bodies that satisfy a criterion are counted by their groups; one by one, they are listed. Of applicants and outcomes
    it is asked, and not of bodies.
    """
    plan = inquiry.plan
    is_open = plan.operation in ("breakdown", "value") and plan.statistic is None and plan.condition is not None
    if not is_open or set(plan.group_by) & set(PARTS):
        return inquiry
    if plan.group_by == ("body",):
        return inquiry.with_plan(plan.model_copy(update={"operation": "list"}))
    return inquiry.with_plan(plan.model_copy(update={"statistic": "count"}))


def split_groups(inquiry: Inquiry) -> Split:
    """The plan's groups, bodies narrowed by the criteria that are on bodies."""
    groups = split(inquiry, inquiry.plan.group_by, judge(inquiry, body_criteria(inquiry.plan)))
    plan = inquiry.plan
    if statistic_of(plan) != "share" or plan.denominators or plan.criteria:
        return groups
    # Of a share without a base, each group's part of the sum of them all.
    total = sum((value for s in groups.summaries if (value := s.value) is not None), Fraction(0))
    return groups.with_cells([cell.as_share_of(total) for cell in groups.cells])


def say_cell(inquiry: Inquiry, cell: Cell) -> str:
    """A group with its value, on how many bodies it rests, and its citations."""
    wording, summary = inquiry.wording, cell.summary
    if summary.value is None:
        return wording.phrase("breakdown.group_unknown", group=cell.name)
    value = say_value(inquiry, cell.measure, summary.statistic, summary.value)
    cited = value + markers(cites_of(inquiry, summary))
    if summary.reports == 1 and "body" in inquiry.plan.group_by:
        return wording.phrase("comparison.group_of_one", group=cell.name, value=cited)
    return wording.phrase("comparison.group", group=cell.name, value=cited, count=summary.reports)


def _first_groups(inquiry: Inquiry, groups: Split) -> Draft:
    """The groups with the highest or lowest values, or both, all that share the last place included."""
    plan, wording = inquiry.plan, inquiry.wording
    if plan.order == "both":
        return _both_ends(inquiry, groups)
    ranked = _ranked(groups.cells, plan.order)
    limit = plan.limit or (len(ranked) if plan.operation == "rank" else 1)
    last = ranked[min(limit, len(ranked)) - 1].summary.value
    before_last = [cell for cell in ranked if not _is_behind(cell, last, plan.order)]
    several = "_several" if len(before_last) > 1 else ""
    sentences = [
        wording.say(
            f"breakdown.{_extreme(plan)}{several}",
            count=len(before_last),
            members=_members(inquiry, before_last),
            **_naming(inquiry),
        )
    ]
    if len(before_last) > limit:
        sentences.append(wording.say("ranking.ties"))
    draft = _drafted(inquiry, sentences, before_last, groups)
    if len(before_last) == 1:
        draft.value = as_number(before_last[0].summary.value)
        draft.unit = unit_of(inquiry, plan, statistic_of(plan))
    return draft


def _both_ends(inquiry: Inquiry, groups: Split) -> Draft:
    """The groups at both ends; ``value`` is how far they lie apart, where one of each is asked for."""
    plan, statistic = inquiry.plan, statistic_of(inquiry.plan)
    orders = ("descending", "ascending")
    most, fewest = (
        _first_groups(inquiry.with_plan(plan.model_copy(update={"order": order})), groups) for order in orders
    )
    known = [value for cell in _ranked(groups.cells, "descending") if (value := cell.summary.value) is not None]
    most.sentences.insert(1, fewest.sentences[0])
    most.rows = [*most.rows, *fewest.rows]
    most.value, most.unit = None, None
    if known and (plan.limit or 1) == 1:
        distance = known[0] - known[-1]
        said = say_difference(inquiry, plan, statistic, distance)
        most.sentences.insert(2, inquiry.wording.say("ranking.distance", distance=said))
        most.value, most.unit = as_number(distance), unit_of(inquiry, plan, statistic)
    return most


def _extreme(plan: Plan) -> str:
    """Whether values are counted (most, fewest) or have a height (highest, lowest), and from which end."""
    statistic = statistic_of(plan)
    has_height = is_fraction(plan, statistic) or statistic in ("mean", "median")
    ends = ("highest", "lowest") if has_height else ("most", "least")
    return ends[0] if plan.order == "descending" else ends[1]


def _groups_satisfying(inquiry: Inquiry, groups: Split, condition: Criterion) -> Draft:
    plan, wording = inquiry.plan, inquiry.wording
    named = _ranked(groups.cells, plan.order)
    values = [value for cell in named if (value := cell.summary.value) is not None]
    level = Fraction(0)
    if condition.against and values:
        level = mean(values) if condition.against == "mean" else median(values)
    chosen = [c for c in named if c.summary.value is not None and condition.holds(c.summary.value - level)]
    sentence = wording.say(
        "breakdown.satisfying" if chosen else "breakdown.none_satisfying",
        count=len(chosen),
        condition=_say_condition(inquiry, condition, level),
        members=_members(inquiry, chosen),
        **_naming(inquiry),
    )
    draft = _drafted(inquiry, [sentence], chosen, groups)
    draft.value, draft.unit = len(chosen), wording.phrase("unit.bodies")
    return draft


def _say_condition(inquiry: Inquiry, condition: Criterion, level: Fraction) -> str:
    """What a group's value must be, of one that is held against the average of the groups with that average."""
    plan, wording = inquiry.plan, inquiry.wording
    said = say_condition(inquiry, plan, condition, statistic_of(plan))
    if condition.against is None:
        return said
    average = wording.phrase(
        "breakdown.average",
        average=wording.phrase(f"measure.{condition.against}"),
        value=say_value(inquiry, plan, statistic_of(plan), level),
    )
    return wording.phrase("breakdown.above_average", average=average, condition=said)


def _rank_named(inquiry: Inquiry) -> Draft | None:
    """Where the group that the scope names stands among all groups; ``None`` where it names none, or several."""
    plan, wording = inquiry.plan, inquiry.wording
    field = _NARROWED_BY.get(plan.grouping or "body")
    named: tuple[object, ...] = getattr(plan.scope, field) if field else ()
    if field is None or len(named) != 1:
        return None
    widened = inquiry.with_plan(plan.model_copy(update={"scope": plan.scope.model_copy(update={field: ()})}))
    groups = split_groups(widened)
    ranked = _ranked(groups.cells, plan.order)
    subject = next((cell for cell in ranked if cell.groups[0].key == named[0]), None)
    if subject is None or subject.summary.value is None:
        return None
    rank = 1 + sum(_is_behind(subject, cell.summary.value, plan.order) for cell in ranked)
    tied = sum(cell.summary.value == subject.summary.value for cell in ranked) - 1
    sentence = wording.say(
        "breakdown.rank" if plan.order == "descending" else "breakdown.rank_ascending",
        group=say_cell(widened, subject),
        count=len(ranked),
        rank=rank,
        tied=wording.phrase("ranking.tied", count=tied) if tied else "",
        **_naming(widened),
    )
    draft = _drafted(widened, [sentence], ranked, groups)
    draft.value, draft.unit = rank, None
    return draft


def _ranked(cells: Sequence[Cell], order: str) -> list[Cell]:
    """The groups of known value in order, equal ones in the order of the groups; the unnamed rest only if alone."""
    known = [(value, cell) for cell in cells if (value := cell.summary.value) is not None]
    named = [(value, cell) for value, cell in known if cell.groups[0].is_named] or known
    return [cell for _, cell in sorted(named, key=lambda pair: -pair[0] if order == "descending" else pair[0])]


def _is_behind(cell: Cell, value: Fraction | None, order: str) -> bool:
    if value is None or cell.summary.value is None:
        return False
    return cell.summary.value < value if order == "descending" else cell.summary.value > value


def _first_in_words(inquiry: Inquiry, cells: Sequence[Cell]) -> list[str]:
    """The first twelve groups; of more, that the rows hold all of them."""
    shown = [say_cell(inquiry, cell) for cell in cells[:MEMBERS_NAMED]]
    if len(cells) > len(shown):
        shown[-1] += inquiry.wording.phrase("list.more", count=len(cells))
    return shown


def _members(inquiry: Inquiry, cells: Sequence[Cell]) -> str:
    """Groups enumerated with their values, after the twelfth only counted."""
    return inquiry.wording.members([say_cell(inquiry, cell) for cell in cells[:MEMBERS_NAMED]], len(cells))


def _naming(inquiry: Inquiry) -> dict[str, str]:
    plan, wording = inquiry.plan, inquiry.wording
    return {
        "scope": inquiry.scope_name,
        "measure": say_summarised(inquiry, plan, statistic_of(plan)),
        "axis": wording.phrase(f"breakdown.axis_{plan.grouping}"),
    }


def _drafted(inquiry: Inquiry, sentences: list[str], shown: Sequence[Cell], groups: Split) -> Draft:
    """The answer about groups: rows of those shown, coverage and warnings of them all."""
    plan = inquiry.plan
    chart = draw(
        "line" if plan.grouping == "year" and plan.operation not in ("top", "rank") else "bar",
        say_summarised(inquiry, plan, statistic_of(plan)),
        unit_of(inquiry, plan, statistic_of(plan)),
        [cell.name for cell in shown],
        [Series("", tuple(cell.summary.value for cell in shown))],
    )
    end = close(inquiry, groups.summaries, [groups.verdicts])
    return Draft(
        end.status,
        sentences + end.sentences,
        rows=cell_rows(inquiry, shown),
        coverage=end.coverage,
        warnings=end.warnings,
        chart=chart,
    )
