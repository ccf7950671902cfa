"""What several bodies and years show together: a sum, mean, median, count or share of what is measured for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assistant.answering.inquiry import Inquiry
from assistant.answering.observations import Observation
from assistant.answering.showing import cite_all
from assistant.figures.exact import exact, mean, median, total
from assistant.figures.measuring import Measure, Measured, Values, compute, metric_ids_of
from assistant.figures.territories import asks_for_governments, governments_of_parts
from assistant.figures.verdicts import Verdicts
from assistant.plan import Plan, Statistic


@dataclass(frozen=True, slots=True)
class Summary:
    """A statistic of several bodies and years.

    Attributes:
        members: All of them, known or not, in the order of the reports.
        known: Those that state what is asked, whether or not they satisfy the criteria.
        counted: Those that the value is computed of.
        verdicts: Of the criteria, where there are any.
        nested: Governments that are left out because their parts are counted, whose figures theirs include.
        value: ``None`` where nothing is known, or where nobody is left to take a mean or a share of.
    """

    statistic: Statistic
    members: tuple[Measured, ...]
    known: tuple[Measured, ...]
    counted: tuple[Measured, ...]
    value: Fraction | None
    nested: tuple[Measured, ...] = ()
    verdicts: Verdicts | None = None

    @property
    def supporting(self) -> tuple[Measured, ...]:
        """Those that show the value: what it is computed of or, of a zero, those that state that they don't count."""
        if self.value is None:
            return ()
        return self.known if self.statistic == "share" or not self.counted else self.counted

    @property
    def is_baseless(self) -> bool:
        """Whether there is no value although figures are stated: shares of a base of zero."""
        return self.value is None and any(is_unmeasured(m) for m in self.members)

    @property
    def resting_on(self) -> tuple[Measured, ...]:
        """The body-years that the value rests on: of a count also those that are known not to count."""
        return self.known if self.statistic in ("count", "share") else self.counted

    @property
    def reports(self) -> int:
        """How many body-years the value rests on."""
        return len(self.resting_on)


def figures_of(summaries: Iterable[Summary]) -> list[Observation]:
    """Everything that summaries are made of, each figure once, known or not."""
    return list({id(o): o for summary in summaries for m in summary.members for o in m.current}.values())


def is_unmeasured(measured: Measured) -> bool:
    """Whether the year's figures are stated and nothing follows: a base of zero, no number for the year before."""
    return measured.value is None and all(o.value is not None for o in measured.current)


def statistic_of(plan: Plan) -> Statistic:
    """What a plan's groups, sides or years show: as it says, else as its operation does, else their sum."""
    if plan.statistic is not None:
        return plan.statistic
    if plan.operation in ("mean", "median", "count", "share"):
        return plan.operation
    return "sum"


_AVERAGES: dict[Statistic, Callable[[Sequence[Fraction]], Fraction]] = {"mean": mean, "median": median}


def summarise(
    measure: Plan, statistic: Statistic, members: Sequence[Measured], verdicts: Verdicts | None = None
) -> Summary:
    """A statistic of a measure over bodies and years.

    A sum of shares or of changes in percent is the share or the change of all of them taken together.

    Args:
        measure: A plan; only what is measured of each body counts, not its scope, nor how it is split.
        verdicts: Of the plan's criteria. Sums and averages are then of those that satisfy them, counts and shares
            count them among those of whom it can be told.
    """
    counts = verdicts is not None and statistic in ("count", "share")
    satisfying = members if verdicts is None else [m for m in members if m.unit_of_count in verdicts.satisfying]
    counted = [m for m in satisfying if counts or m.value is not None or states(measure, m)]
    nested = [] if statistic == "count" or counts else _nested(measure, counted)
    if nested:
        left_out = {m.unit_of_count for m in nested}
        counted = [m for m in counted if m.unit_of_count not in left_out]
    known = counted if verdicts is None else _telling(members, counted, verdicts)
    if statistic in _AVERAGES:
        # An average is of values of their own; a body that states only some of several metrics has none.
        counted = [m for m in counted if m.value is not None]
        values = [m.value for m in counted if m.value is not None]
        value = _AVERAGES[statistic](values) if values else None
    elif statistic == "count":
        value = Fraction(len(counted)) if known else None
    elif counts:
        value = Fraction(len(counted), len(known)) if known else None
    elif counted:
        value = together(measure, counted)
    else:
        # That nobody satisfies the criteria is known where somebody states it.
        value = Fraction(0) if known and not measure.denominators and measure.change is None else None
    return Summary(statistic, tuple(members), tuple(known), tuple(counted), value, tuple(nested), verdicts)


def _telling(members: Sequence[Measured], counted: Sequence[Measured], verdicts: Verdicts) -> list[Measured]:
    """Those that count and those that are known not to."""
    telling = {m.unit_of_count for m in counted} | verdicts.failing
    return [m for m in members if m.unit_of_count in telling]


def _nested(measure: Plan, counted: Sequence[Measured]) -> list[Measured]:
    """The governments among what is added up that include others of it; none where governments are asked for."""
    if len(counted) < 2 or asks_for_governments(measure.scope):
        return []
    containing = governments_of_parts(m.current[0] for m in counted)
    return [m for m in counted if m.unit_of_count in containing] if containing else []


def states(measure: Plan, measured: Measured) -> bool:
    """Whether a body and year counts: its measure is known, or what it adds to a sum is.

    A base of zero gives no share of its own but adds nothing to a share of many; where figures are added, one that is
    known counts without the others.
    """
    if measured.value is not None:
        return True
    if measure.denominators or measure.change is not None:
        has_both_years = measure.change is None or bool(measured.before)
        return has_both_years and all(o.value is not None for o in measured.observations)
    return measure.operation == "sum" and any(o.value is not None for o in measured.current)


def together(measure: Measure, members: Sequence[Measured]) -> Fraction | None:
    """The measure of bodies and years taken together: their figures added first, metric by metric."""
    if not measure.denominators and measure.change is None:
        values = [m.value for m in members if m.value is not None]
        of_parts = [exact(o.value) for m in members if m.value is None for o in m.current if o.value is not None]
        return total([*values, *of_parts]) if values or of_parts else None
    now = _added(measure, [o for m in members for o in m.current])
    before = _added(measure, [o for m in members for o in m.before])
    return compute(measure, now, before)


def _added(measure: Measure, observations: Sequence[Observation]) -> Values:
    known: dict[str | None, list[Fraction]] = {}
    for o in observations:
        if o.value is not None:
            known.setdefault(o.metric_id, []).append(exact(o.value))
    unknown: Values = dict.fromkeys(metric_ids_of(measure))
    return unknown | {metric_id: total(values) for metric_id, values in known.items()}


def cites_of(inquiry: Inquiry, summary: Summary) -> Sequence[int]:
    """The citations of what shows a summary's value, each once; with them of what decides whom it is of."""
    return cite_all(inquiry, _evidence(summary))


def _evidence(summary: Summary) -> Iterator[Observation]:
    supporting = summary.supporting
    yield from (o for m in supporting for o in m.observations if o.values)
    if summary.verdicts is not None:
        yield from (o for o in summary.verdicts.evidence(m.unit_of_count for m in supporting) if o.values)
