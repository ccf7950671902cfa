"""How measures and criteria are worded: what is measured, of what value, and what it takes to be a member."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from assistant.answering.citations import markers
from assistant.answering.inquiry import Inquiry
from assistant.answering.membership_wording import has_or_has_none, is_none, is_some
from assistant.answering.observations import Observation
from assistant.answering.showing import cite, quantity, readings_in_words
from assistant.answering.wording import Wording
from assistant.figures.exact import course_of
from assistant.figures.measuring import Formula, Measure, Measured, compute, values_of
from assistant.figures.membership import Candidate, Test, shown_formulas, tests_of
from assistant.plan import Condition, Criterion, Plan
from vectorstore.catalogue import catalogue


def unit_of(measure: Measure) -> str:
    """The unit of a measure's values; empty for a share or a change in percent, which have none."""
    if measure.denominators or measure.change == "percent":
        return ""
    return catalogue().split(measure.metrics[0])[0].unit


def sort_of(measure: Measure) -> str:
    """Which sentences speak of a measure: ``figure``, ``share`` or ``change``."""
    return "change" if measure.change else "share" if measure.denominators else "figure"


def name_measure(wording: Wording, measure: Measure) -> str:
    """What is measured: 行政复议, 予以公开占总计的比例, 行政复议比上年的增减."""
    name = name_level(wording, measure)
    if not measure.change:
        return name
    return wording.phrase(f"measure.{measure.change}", measure=name, base=base_year(wording, measure))


def base_year(wording: Wording, measure: Measure) -> str:
    """The year that a change is from: 上年, 2020年."""
    return wording.phrase("measure.year_before") if measure.since is None else wording.year(measure.since)


def name_level(wording: Wording, measure: Measure) -> str:
    """What is measured, of a change what changed; with its year where that isn't the year of the body measured."""
    formula = Formula.of(measure)
    name = wording.added(formula.metrics)
    if formula.than:
        name = wording.phrase("measure.excess", measure=name, than=wording.added(formula.than))
    if formula.denominators:
        name = wording.phrase("measure.share", numerator=name, denominator=wording.added(formula.denominators))
    return name if formula.year is None else wording.phrase("measure.in_year", measure=name, year=formula.year)


def value_in_words(wording: Wording, measure: Measure, value: Fraction) -> str:
    """A value of a measure: 12件, 77.42%, 增加3件, 下降5个百分点."""
    if measure.change is None:
        return wording.percent(value) if measure.denominators else wording.quantity(value, unit_of(measure))
    if measure.change == "percent":
        amount = wording.percent(abs(value))
    elif measure.denominators:
        amount = wording.phrase("measure.points", points=wording.number(abs(value) * 100))
    else:
        amount = wording.quantity(abs(value), unit_of(measure))
    return wording.phrase(f"measure.{measure.change}_{course_of(value)}", amount=amount)


def measured_in_words(inquiry: Inquiry, measure: Measure, measured: Measured) -> str:
    """What is known of a measure for one body and year: its value, with both years' of a change, or its readings."""
    wording = inquiry.wording
    if measured.value is None:
        torn = [o for o in measured.observations if o.state == "conflicting" and o.value is None]
        return wording.join(readings_in_words(inquiry, o) for o in torn)
    formula = Formula.of(measure)
    if formula.than and not formula.denominators and formula.change is None:
        return _excess_in_words(wording, formula, measured, measured.value)
    if measure.change is None:
        alone = measured.current[0] if len(measured.current) == 1 else None
        return quantity(inquiry, alone) if alone else value_in_words(wording, measure, measured.value)
    said = value_in_words(wording, measure, measured.value)
    return wording.phrase(
        "measure.of_years",
        change=said,
        before=_level_in_words(wording, measure, measured.before),
        now=_level_in_words(wording, measure, measured.current),
    )


def _excess_in_words(wording: Wording, formula: Formula, measured: Measured, excess: Fraction) -> str:
    """How many more one figure is than another, with both: 多2件（5件对3件）."""
    values = values_of(measured.current)
    sides = [compute(side, values, {}) for side in (Formula(formula.metrics), Formula(formula.than))]
    level, less = (wording.quantity(side or Fraction(0), unit_of(formula)) for side in sides)
    course = "more" if excess > 0 else "fewer" if excess < 0 else "same"
    amount = wording.quantity(abs(excess), unit_of(formula))
    return wording.phrase(f"measure.excess_{course}", amount=amount, value=level, than=less)


def _level_in_words(wording: Wording, measure: Measure, observations: Sequence[Observation]) -> str:
    """The year and what it gives: 2022年5件."""
    level = level_of(measure)
    value = compute(level, values_of(observations), {})
    said = "—" if value is None else value_in_words(wording, level, value)
    return wording.phrase("measure.year_level", year=observations[0].year, value=said)


def level_of(measure: Measure) -> Formula:
    """What a change is a change of."""
    return replace(Formula.of(measure), change=None, since=None)


def name_candidate(inquiry: Inquiry, candidate: Candidate, *, show_year: bool) -> str:
    """A member as the text names it: its numbers unless all members share them, and the citations of its figures."""
    wording, plan = inquiry.wording, inquiry.plan
    name = wording.body_year(candidate.first.body, candidate.first.year, show_year=show_year)
    numbers = markers(dict.fromkeys(n for o in candidate.evidence for n in cite(inquiry, o)))
    told = _without_sides(
        [
            (formula, measured)
            for formula, measured in zip(formulas_of(plan, candidate), candidate.shown, strict=True)
            if measured.possible
        ]
    )
    if shares_value(plan):
        return name + numbers
    space = " " if wording.language == "en" else ""
    if len(told) == 1:
        return f"{name}{space}{measured_in_words(inquiry, *told[0])}{numbers}"
    parts = [
        wording.phrase(
            "measure.named", name=name_level(wording, formula), value=measured_in_words(inquiry, formula, measured)
        )
        for formula, measured in told
    ]
    return wording.phrase("measure.several", name=name, values=wording.join(parts), cites=numbers)


def say_first(
    inquiry: Inquiry, measure: Measure, order: str, number: int, members: str, *, scope: str, of_each: int | None = None
) -> str:
    """Who has most or fewest of a measure, in a sentence.

    Args:
        number: How many they are.
        of_each: Of each group so many are asked for.
    """
    wording = inquiry.wording
    end, sort = "highest" if order == "descending" else "lowest", sort_of(measure)
    key = end if sort == "figure" else f"{end}_{sort}"
    several = "none" if not number else "one" if (of_each or number) == 1 else "several"
    return wording.say(
        f"ranking.{key}_{several}",
        scope=scope,
        metric=name_level(wording, measure),
        base=base_year(wording, measure),
        count=of_each or number,
        members=members,
    )


def say_distance(wording: Wording, measure: Measure, distance: Fraction) -> str:
    """How far two values of a measure lie apart: 28件, 5个百分点."""
    if measure.denominators or measure.change == "percent":
        return wording.phrase("measure.points", points=wording.number(distance * 100))
    return wording.quantity(distance, unit_of(measure))


def name_measured(
    inquiry: Inquiry, candidate: Candidate, formula: Formula, measured: Measured, *, show_year: bool
) -> str:
    """A body with one of its measures and the citations of that."""
    wording = inquiry.wording
    name = wording.body_year(candidate.first.body, candidate.first.year, show_year=show_year)
    cites = markers(dict.fromkeys(n for o in measured.observations for n in cite(inquiry, o)))
    return f"{name}{' ' if wording.language == 'en' else ''}{measured_in_words(inquiry, formula, measured)}{cites}"


def _without_sides(told: Sequence[tuple[Formula, Measured]]) -> list[tuple[Formula, Measured]]:
    """What is told of a member without what is told as a side of another: 提案5件 beside 多2件（5件对3件）."""
    sides = {Formula(side) for formula, _ in told if formula.than for side in (formula.metrics, formula.than)}
    return [(formula, measured) for formula, measured in told if formula not in sides]


def formulas_of(plan: Plan, candidate: Candidate) -> list[Formula]:
    """What a candidate's shown measures are of, in their order."""
    return shown_formulas(plan, each=len(candidate.own) > 1)


def name_undecided(inquiry: Inquiry, candidate: Candidate, *, show_year: bool) -> str:
    """One of whom it can't be told: with both readings of what its report contradicts itself about."""
    wording = inquiry.wording
    name = wording.body_year(candidate.first.body, candidate.first.year, show_year=show_year)
    torn = [readings_in_words(inquiry, o) for o in candidate.evidence if o.state == "conflicting"]
    return f"{name}{' ' if wording.language == 'en' else ''}{wording.join(torn)}"


def say_criteria(wording: Wording, plan: Plan, *, after_bodies: bool = False) -> str:
    """What the criteria ask, as what follows the bodies: 收到过政府信息公开申请且没有行政复议.

    Args:
        after_bodies: In Chinese what follows a noun directly needs a 的 where it begins with a measure.
    """
    clauses = []
    for _, of_criterion in itertools.groupby(tests_of(plan), key=lambda test: id(test.criterion)):
        tests = list(of_criterion)
        phrase = _has_or_has_none(wording, tests, plan.combine)
        clauses += [phrase] if phrase else [name_test(wording, test) for test in tests]
    joined = wording.phrase(f"combine.{plan.combine}").join(clauses)
    if after_bodies and clauses and _begins_with_measure(wording, plan):
        return wording.phrase("measure.of_bodies", clause=joined)
    return joined


def _begins_with_measure(wording: Wording, plan: Plan) -> bool:
    tests = tests_of(plan)
    return not _has_or_has_none(wording, [t for t in tests if t.criterion is tests[0].criterion], plan.combine)


def _has_or_has_none(wording: Wording, tests: Sequence[Test], combine: str) -> str | None:
    """Has, or has none of, what each test's only metric counts; ``None`` where that isn't what is asked."""
    condition = tests[0].criterion
    if not (is_none(condition) or is_some(condition)):
        return None
    if not all(is_plain(test) for test in tests):
        return None
    metric_ids = [test.formula.metrics[0] for test in tests]
    return has_or_has_none(metric_ids, wording.language, some=is_some(condition), combine=combine)


def shares_value(plan: Plan) -> bool:
    """Whether the criteria leave members but one value each, which need not be told of every one."""
    tests = tests_of(plan)
    return bool(tests) and all(test.criterion.comparison == "=" and is_plain(test) for test in tests)


def is_plain(test: Test) -> bool:
    """Whether a test asks of one figure of the year itself how it stands to a number."""
    formula, criterion = test.formula, test.criterion
    if formula.than or formula.year is not None or criterion.against or criterion.top is not None:
        return False
    return sort_of(formula) == "figure" and len(formula.metrics) == 1


def name_test(wording: Wording, test: Test) -> str:
    """What one test asks, as what follows the bodies: 新收政府信息公开申请超过10件."""
    formula, condition = test.formula, test.criterion
    if condition.top is not None:
        return _clause_of_first(wording, formula, condition)
    if condition.against or (formula.than and not formula.denominators and formula.change is None):
        return _clause_against(wording, formula, condition)
    name = name_level(wording, formula)
    if formula.change is None:
        if formula.denominators:
            return wording.phrase("measure.clause_share", measure=name, condition=wording.share_condition(condition))
        # Money is no number of things.
        counted = not unit_of(formula).endswith("元")
        said = wording.condition(condition, unit_of(formula), form="counted" if counted else None)
        return wording.phrase(f"measure.clause{'_counted' if counted else ''}", measure=name, condition=said)
    course, base = _course(condition), base_year(wording, formula)
    if course is None:
        said = _condition_in_words(wording, formula, condition)
        return wording.phrase("measure.clause", measure=name_measure(wording, formula), condition=said)
    if condition.value == 0:
        return wording.phrase(f"measure.clause_{course}", measure=name, base=base)
    # A fall of more than 10 is a change below -10.
    turned = {"<": ">", "<=": ">="}.get(condition.comparison, condition.comparison)
    size = condition.model_copy(update={"comparison": turned, "value": abs(condition.value)})
    said = _condition_in_words(wording, formula, size)
    return wording.phrase(f"measure.clause_{course}_by", measure=name, condition=said, base=base)


def _clause_of_first(wording: Wording, formula: Formula, criterion: Criterion) -> str:
    """To be among the first: 行政复议最多, 行政复议最少的前3个."""
    key = ("highest" if criterion.order == "descending" else "lowest") + ("_change" if formula.change else "")
    number = "one" if criterion.top == 1 else "several"
    name, base = name_level(wording, formula), base_year(wording, formula)
    return wording.phrase(f"measure.{key}_{number}", measure=name, base=base, count=criterion.top)


def _clause_against(wording: Wording, formula: Formula, criterion: Criterion) -> str:
    """To be above, below or at another figure or the average, or so much above: 政协提案多于人大建议."""
    if criterion.against:
        name, other = name_measure(wording, formula), wording.phrase(f"measure.{criterion.against}")
    else:
        name, other = name_level(wording, replace(formula, than=())), wording.added(formula.than)
    keys = {">": "more", ">=": "at_least", "<": "fewer", "<=": "at_most", "=": "same", "!=": "unequal"}
    key = keys.get(criterion.comparison) if criterion.value == 0 else None
    if key is not None:
        return wording.phrase(f"measure.clause_{key}", measure=name, other=other)
    said = _condition_in_words(wording, formula, criterion)
    return wording.phrase("measure.clause_by", measure=name, other=other, condition=said)


def _course(condition: Condition) -> str | None:
    """Whether a condition on a change asks for a rise, a fall or neither; ``None`` where for none of these alone."""
    match condition.comparison:
        case ">" | ">=" if condition.value > 0 or (condition.comparison == ">" and condition.value == 0):
            return "up"
        case "<" | "<=" if condition.value < 0 or (condition.comparison == "<" and condition.value == 0):
            return "down"
        case "=" if condition.value == 0:
            return "flat"
    return None


def _condition_in_words(wording: Wording, formula: Measure, condition: Condition) -> str:
    if formula.denominators or formula.change == "percent":
        return wording.share_condition(condition)
    return wording.condition(condition, unit_of(formula))


def zero_bases(plan: Plan, candidates: Sequence[Candidate]) -> list[tuple[Candidate, Formula]]:
    """Who states all that a share or a change in percent takes, and yet has none because its base is zero."""
    formulas = formulas_of(plan, candidates[0]) if candidates else []
    return [
        (candidate, formula)
        for at, formula in enumerate(formulas)
        if formula.denominators or formula.change
        for candidate in candidates
        if _has_zero_base(candidate.shown[at], formula)
    ]


def _has_zero_base(measured: Measured, formula: Formula) -> bool:
    return measured.value is None and measured.states_all and bool(measured.before or not formula.change)


def name_scope(inquiry: Inquiry) -> str:
    """The plan's scope in words, narrowed to those that satisfy its criteria."""
    if not inquiry.plan.criteria:
        return inquiry.scope_name
    criteria = say_criteria(inquiry.wording, inquiry.plan)
    return inquiry.wording.phrase("scope.among", scope=inquiry.scope_name, criteria=criteria)
