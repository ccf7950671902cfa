"""How the value of a group, a side or a year is said: like the measure's own or, of a count, in bodies."""

from __future__ import annotations

from fractions import Fraction

from assistant.answering.inquiry import Inquiry
from assistant.figures.measure_wording import name_measure, say_criteria, value_in_words
from assistant.figures.measure_wording import unit_of as measured_unit
from assistant.figures.measuring import Formula, Measure
from assistant.figures.verdicts import body_criteria
from assistant.plan import Condition, Statistic


def is_fraction(measure: Measure, statistic: Statistic) -> bool:
    """Whether a value is a share or a change in percent, said as a percentage."""
    if statistic in ("count", "share"):
        return statistic == "share"
    return not measured_unit(measure)


def unit_of(inquiry: Inquiry, measure: Measure, statistic: Statistic) -> str | None:
    """The unit of a value; ``None`` of a fraction."""
    if statistic == "count":
        return inquiry.wording.phrase("unit.bodies")
    return None if is_fraction(measure, statistic) else measured_unit(measure)


def say_value(inquiry: Inquiry, measure: Measure, statistic: Statistic, value: Fraction) -> str:
    """A value in words: 12件, 3个, 25%; of a change 增加3件, 下降25%."""
    wording = inquiry.wording
    if statistic == "count":
        return (
            wording.number(value)
            if wording.language == "en"
            else wording.quantity(value, wording.phrase("unit.bodies"))
        )
    if statistic == "share":
        return wording.percent(value)
    return value_in_words(wording, measure, value)


def say_difference(inquiry: Inquiry, measure: Measure, statistic: Statistic, difference: Fraction) -> str:
    """A difference of two values, without its sign: 3件; of fractions in percentage points."""
    wording, size = inquiry.wording, abs(difference)
    if is_fraction(measure, statistic):
        return wording.phrase("comparison.points", points=wording.number(size * 100))
    level = Formula(measure.metrics, measure.denominators)
    return say_value(inquiry, level, statistic, size)


def say_condition(inquiry: Inquiry, measure: Measure, condition: Condition, statistic: Statistic) -> str:
    """A condition on the value of a group: 超过100件, 低于50%."""
    if is_fraction(measure, statistic):
        return inquiry.wording.share_condition(condition)
    return inquiry.wording.condition(condition, unit_of(inquiry, measure, statistic) or "")


def say_summarised(inquiry: Inquiry, measure: Measure, statistic: Statistic) -> str:
    """What a group shows: 新收申请合计, 新收申请平均, 未收到申请的机关数, the share of bodies that …."""
    wording, plan = inquiry.wording, inquiry.plan
    if statistic in ("count", "share") and (criteria := body_criteria(plan)):
        said = say_criteria(wording, plan.model_copy(update={"criteria": criteria}))
        return wording.phrase(f"comparison.{statistic}_members", criteria=said)
    by_outcome = "outcome" in plan.group_by and not measure.denominators
    named = wording.phrase("breakdown.outcomes") if by_outcome else name_measure(wording, measure)
    if by_outcome and statistic == "sum":
        return named
    if statistic == "share" and not measure.denominators:
        return wording.phrase("comparison.share_of_total", measure=named)
    key = "together" if statistic in ("sum", "share") and is_fraction(measure, "sum") else statistic
    return wording.phrase(f"comparison.statistic_{key}", measure=named)
