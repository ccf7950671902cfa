"""Bodies by a share of their own: whose satisfies a condition, whose is highest or lowest, or everyone's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assistant.answering.absence import no_reports, none_states
from assistant.answering.citations import markers
from assistant.answering.coverage import cover, coverage_in_words
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.observations import Observation, by_unit, cite, conflict_warnings, observe, row


@dataclass(frozen=True, slots=True)
class _Ratio:
    """The share of one body and year, with the figures that it is made of."""

    unit: tuple[Observation, ...]
    part: Decimal
    whole: Decimal

    @property
    def share(self) -> Fraction:
        return Fraction(self.part) / Fraction(self.whole)


def answer_ratios(inquiry: Inquiry) -> Draft:
    """Bodies by numerators over denominators; the rows are both, body by body.

    A body that doesn't state all of them is unknown, one whose denominator is zero has no share: neither is a member.
    """
    plan, wording = inquiry.plan, inquiry.wording
    metric_ids = list(dict.fromkeys((*plan.metrics, *plan.denominators)))
    observations = observe(inquiry, metric_ids)
    if not observations:
        return no_reports(inquiry)
    stating = [unit for unit in by_unit(observations) if all(o.value is not None for o in unit)]
    if not stating:
        return none_states(inquiry, observations)
    ratios = [_ratio(inquiry, unit) for unit in stating]
    usable = [ratio for ratio in ratios if ratio.whole]
    chosen = _chosen(inquiry, usable)
    several_years = len({unit[0].year for unit in stating}) > 1
    naming = {
        "scope": inquiry.scope_name,
        "numerator": wording.added(plan.metrics),
        "denominator": wording.added(plan.denominators),
        "condition": wording.share_condition(plan.condition) if plan.condition else "",
    }
    members = [_name(inquiry, ratio, several_years) for ratio in chosen]
    if plan.operation == "top":
        key = "top" if plan.order == "descending" else "bottom"
    elif plan.condition is None:
        key = "each"
    else:
        key = "members_above" if chosen else "members_none"
    sentences = [wording.say(f"share.{key}", count=len(chosen), members=wording.members(members) or "—", **naming)]
    baseless = len(ratios) - len(usable)
    if baseless:
        sentences.append(wording.say("share.no_base", count=baseless, denominator=naming["denominator"]))
    coverage = cover(inquiry.reports, observations)
    counts_members = plan.condition is not None and plan.operation != "top"
    is_one = plan.operation == "top" and len(chosen) == 1
    return Draft(
        "answered",
        sentences + coverage_in_words(inquiry, coverage, observations),
        value=len(chosen) if counts_members else float(chosen[0].share) if is_one else None,
        unit=wording.phrase("unit.bodies") if counts_members else None,
        rows=[row(inquiry, o) for ratio in chosen for o in ratio.unit],
        coverage=coverage,
        warnings=conflict_warnings(inquiry, observations),
    )


def _ratio(inquiry: Inquiry, unit: Sequence[Observation]) -> _Ratio:
    values = {o.metric_id: o.value or Decimal(0) for o in unit}
    part = sum((values[m] for m in inquiry.plan.metrics), Decimal(0))
    return _Ratio(tuple(unit), part, sum((values[m] for m in inquiry.plan.denominators), Decimal(0)))


def _chosen(inquiry: Inquiry, usable: Sequence[_Ratio]) -> list[_Ratio]:
    plan = inquiry.plan
    ranked = sorted(usable, key=lambda ratio: ratio.share, reverse=plan.order == "descending")
    if plan.operation != "top":
        condition = plan.condition
        # A Decimal of a fraction without end is near enough to compare with a bound that a person wrote.
        return [
            r
            for r in ranked
            if condition is None or condition.holds(Decimal(r.share.numerator) / Decimal(r.share.denominator))
        ]
    if not ranked:
        return []
    last = ranked[min(plan.limit or 1, len(ranked)) - 1].share
    return [r for r in ranked if (r.share >= last if plan.order == "descending" else r.share <= last)]


def _name(inquiry: Inquiry, ratio: _Ratio, show_year: bool) -> str:
    wording, first = inquiry.wording, ratio.unit[0]
    name = wording.body_year(first.body, first.year, show_year=show_year)
    cites = dict.fromkeys(n for o in ratio.unit for n in cite(inquiry, o))
    space = "" if wording.language == "zh" else " "
    return f"{name}{space}{wording.percent(ratio.share)}{markers(cites)}"
