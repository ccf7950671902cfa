"""Lists and counts: which bodies and years satisfy a plan's criteria, and of whom it can't be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from assistant.answer import Coverage
from assistant.answering.absence import no_reports, none_states
from assistant.answering.charts import POINTS_SHOWN, Series, draw
from assistant.answering.coverage import cover, coverage_in_words
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.membership_wording import bodies_of, has_or_has_none, is_none, is_some
from assistant.answering.named_bodies import observe_named
from assistant.answering.observations import Observation
from assistant.answering.showing import conflict_warnings, rows_of
from assistant.answering.wording import MEMBERS_NAMED, Wording
from assistant.figures.exact import order_of
from assistant.figures.measure_wording import (
    base_year,
    formulas_of,
    is_plain,
    name_candidate,
    name_measure,
    name_measured,
    name_undecided,
    say_criteria,
    say_first,
    shares_value,
    sort_of,
    unit_of,
    value_in_words,
    zero_bases,
)
from assistant.figures.measuring import Measure
from assistant.figures.membership import (
    Candidate,
    Membership,
    candidates_of,
    metric_ids_of_all,
    own_formulas,
    shown_formulas,
    sort_members,
    tests_of,
)
from assistant.figures.values import say_latest
from assistant.plan import Plan


def answer_list(inquiry: Inquiry) -> Draft:
    """The bodies that satisfy the criteria; ``value`` counts them, each body and year as one.

    The rows are all that a member's measures are computed of: the sides of a share, both years of a change.
    """
    plan, wording = inquiry.plan, inquiry.wording
    observations = observe_named(inquiry, metric_ids_of_all(plan))
    if not observations:
        return no_reports(inquiry)
    candidates = candidates_of(inquiry, observations, each=True)
    membership = sort_members(plan, candidates)
    if not membership.is_told:
        return nothing_measured(inquiry, candidates, observations)
    members = ordered(plan, membership.members)
    shows_year = several_years(candidates)
    sentences = [
        _say_members(inquiry, membership, members, shows_year),
        *say_levels(inquiry, membership),
        *say_latest(inquiry, observations),
    ]
    if plan.years_running is not None and members:
        key = "list.running" if plan.years_running else "list.every_year"
        sentences.append(wording.say(key, count=plan.years_running))
    evidence = [o for candidate in members for o in candidate.evidence]
    torn = [o for candidate in membership.undecided for o in candidate.evidence]
    coverage = cover(inquiry.reports, [o for o in observations if o.is_own])
    return Draft(
        "partial" if membership.undecided else "answered",
        sentences + _say_rest(inquiry, membership, observations, coverage, shows_year),
        # Year after year it is the bodies that count; else each body and year.
        value=len(members if plan.years_running is None else {c.first.body_id for c in members}),
        unit=wording.phrase("unit.bodies"),
        rows=rows_of(inquiry, evidence),
        coverage=coverage,
        warnings=conflict_warnings(inquiry, [*evidence, *torn]),
        chart=_list_chart(inquiry, members, shows_year),
    )


def several_years(candidates: Sequence[Candidate]) -> bool:
    """Whether the years must be said to tell the candidates apart."""
    return len({candidate.first.year for candidate in candidates}) > 1


def _say_members(inquiry: Inquiry, membership: Membership, members: Sequence[Candidate], shows_year: bool) -> str:
    """Who satisfies the criteria, in a sentence that speaks of the bodies rather than of a metric's value."""
    plan, wording = inquiry.plan, inquiry.wording
    named = [body.name for body in inquiry.bodies.values()]
    counted = members or membership.others
    said = {
        "when": wording.when(plan.scope, named) + inquiry.exception(plan.scope),
        "who": wording.counted(plan.scope, named, [candidate.unit_of_count for candidate in counted]),
        "members": name_members(inquiry, members, shows_year),
        "what": bodies_of(plan.scope, wording.language),
    }
    if not plan.criteria:
        formulas = own_formulas(plan, each=True)
        names = wording.join(name_measure(wording, formula) for formula in formulas)
        return wording.say(
            "list.stating" if sort_of(formulas[0]) == "figure" else "list.measured", metric=names, **said
        )
    bare, attached = say_criteria(wording, plan), say_criteria(wording, plan, after_bodies=True)
    if members:
        return wording.say("list.phrased", phrase=attached, **said)
    if not counted:
        return wording.say("list.none_known", phrase=bare, **said)
    if plan.years_running is not None:
        key = "list.none_running" if plan.years_running else "list.none_every_year"
        return wording.say(key, phrase=bare, years=plan.years_running, **said)
    opposite = _opposite(inquiry)
    if opposite:
        return wording.say("list.all_have", phrase=opposite, **said)
    return wording.say("list.none_phrased" if attached == bare else "list.none_measured", phrase=attached, **said)


def say_levels(inquiry: Inquiry, membership: Membership) -> list[str]:
    """What all in scope told of bodies: the means and medians that they were held against, and who is first."""
    wording, sentences = inquiry.wording, []
    shows_year = several_years(membership.everyone)
    for at, test in enumerate(membership.tests):
        if test.criterion.against and test.held:
            key, name = f"measure.level_{test.criterion.against}", name_measure(wording, test.formula)
            value = value_in_words(wording, test.formula, test.level)
            sentences.append(wording.say(key, scope=inquiry.scope_name, measure=name, value=value, count=test.held))
        if test.criterion.top is not None and test.held and inquiry.plan.operation not in ("list", "count"):
            first = [c for c in membership.everyone if test.verdict(c.tested[at])]
            named = [name_measured(inquiry, c, test.formula, c.tested[at], show_year=shows_year) for c in first]
            order, members, scope = test.criterion.order, wording.members(named), inquiry.scope_name
            sentences.append(say_first(inquiry, test.formula, order, len(first), members, scope=scope))
    return sentences


def _opposite(inquiry: Inquiry) -> str | None:
    """What holds of all where nobody has some, or nobody has none, of a single metric; ``None`` for other criteria."""
    tests = tests_of(inquiry.plan)
    formula, condition = tests[0].formula, tests[0].criterion
    if len(tests) > 1 or not is_plain(tests[0]):
        return None
    if not (is_none(condition) or is_some(condition)):
        return None
    return has_or_has_none(formula.metrics, inquiry.wording.language, some=is_none(condition))


def _say_rest(
    inquiry: Inquiry,
    membership: Membership,
    observations: Sequence[Observation],
    coverage: Coverage,
    shows_year: bool,
) -> list[str]:
    """Of whom it can't be told, and why, each kind of reason in its sentence; then the coverage."""
    # A contradiction that leaves a body out by either of its readings says nothing of the list.
    told = {candidate.unit_of_count for candidate in (*membership.undecided, *membership.others)}
    if len(tests_of(inquiry.plan)) > 1:
        # A report that is silent about one of several criteria may still be decided by another; see `say_open`.
        told |= {o.unit_of_count for o in observations if not o.values}
    sentences = say_open(inquiry, membership, membership.unknown, shows_year)
    return sentences + coverage_in_words(inquiry, coverage, observations, told)


def say_open(inquiry: Inquiry, membership: Membership, unmeasured: Sequence[Candidate], shows_year: bool) -> list[str]:
    """Of whom the criteria can't be told, and of whom nothing can be computed; the silent are the coverage's to say."""
    wording, sentences = inquiry.wording, []
    if membership.undecided:
        names = [name_undecided(inquiry, c, show_year=shows_year) for c in membership.undecided[:MEMBERS_NAMED]]
        count = len(membership.undecided)
        sentences.append(wording.say("list.undecided", count=count, members=wording.members(names, count)))
    sentences += say_unmeasured(inquiry, unmeasured)
    if len(tests_of(inquiry.plan)) > 1:
        explained = {id(c) for c, _ in zero_bases(inquiry.plan, membership.unknown)}
        explained |= {id(c) for c in membership.unknown if lacks_other_year(wording, inquiry.plan, c)}
        names = [_name_year(inquiry, c) for c in membership.unknown if id(c) not in explained]
        if names:
            sentences.append(wording.say("list.unknown", count=len(names), members=wording.members(names)))
    return sentences


def say_unmeasured(inquiry: Inquiry, candidates: Sequence[Candidate]) -> list[str]:
    """Who states figures from which nothing can be computed: a base of zero, or no number for the year before."""
    wording, plan = inquiry.wording, inquiry.plan
    sentences = []
    for formula, count in Counter(formula for _, formula in zero_bases(plan, candidates)).items():
        if formula.denominators:
            base = wording.added(formula.denominators)
            sentences.append(wording.say("share.no_base", count=count, denominator=base))
        else:
            sentences.append(wording.say("measure.no_rate", count=count, base=base_year(wording, formula)))
    lacking: dict[str, list[str]] = {}
    for candidate in candidates if _compares(plan) else []:
        for base in dict.fromkeys(_years_lacking(wording, plan, candidate)):
            lacking.setdefault(base, []).append(_name_year(inquiry, candidate))
    for base, names in lacking.items():
        members = wording.members(names)
        sentences.append(wording.say("list.no_year_before", base=base, count=len(names), members=members))
    return sentences


def _compares(plan: Plan) -> bool:
    """Whether any of what is measured is of another year than the body and year: a change, or a year's figure."""
    return plan.change is not None or any(c.change or c.year is not None for c in plan.criteria)


def _name_year(inquiry: Inquiry, candidate: Candidate) -> str:
    first, show_year = candidate.first, len(inquiry.plan.scope.years) != 1
    return inquiry.wording.body_year(first.body, first.year, show_year=show_year)


def lacks_other_year(wording: Wording, plan: Plan, candidate: Candidate) -> bool:
    """Whether a measure is unknown for want of a figure of another year than the candidate's own."""
    return any(_years_lacking(wording, plan, candidate))


def _years_lacking(wording: Wording, plan: Plan, candidate: Candidate) -> Iterator[str]:
    """The other years of which a measure lacks a figure; of a change only where its own year is told."""
    for formula, measured in zip(formulas_of(plan, candidate), candidate.shown, strict=True):
        if formula.year not in (None, candidate.first.year) and not _told(measured.current):
            yield wording.year(formula.year)
        elif formula.change and _told(measured.current) and not _told(measured.before):
            yield base_year(wording, formula)


def _told(observations: Sequence[Observation]) -> bool:
    return bool(observations) and all(o.values for o in observations)


def nothing_measured(inquiry: Inquiry, candidates: Sequence[Candidate], observations: Sequence[Observation]) -> Draft:
    """Nothing can be told of anyone: because nobody states it, or because of what is stated nothing follows."""
    sentences = say_unmeasured(inquiry, candidates)
    if not sentences:
        return none_states(inquiry, [o for o in observations if o.value is None] or observations)
    coverage = cover(inquiry.reports, [o for o in observations if o.is_own])
    known = [o for o in observations if o.values]
    return Draft(
        "partial",
        sentences + coverage_in_words(inquiry, coverage, observations),
        rows=rows_of(inquiry, known),
        coverage=coverage,
        warnings=conflict_warnings(inquiry, known),
    )


def ordered(plan: Plan, members: Sequence[Candidate]) -> list[Candidate]:
    """Members by the first of what is shown of them, equal ones in the order of the reports; changes by their size.

    Years in a row, and what everybody states, stay in the order of the reports.
    """
    if plan.years_running is not None or not (plan.criteria or plan.denominators or plan.change):
        return list(members)

    def size(candidate: Candidate) -> Fraction | int:
        value = candidate.shown[0].value or Fraction(0)
        return order_of(abs(value) if candidate.shown[0].before else value)

    return sorted(members, key=size, reverse=plan.order == "descending")


def name_members(inquiry: Inquiry, members: Sequence[Candidate], shows_year: bool) -> str:
    """Members enumerated with their numbers and citations, after the twelfth only counted; a dash for none."""
    named = [name_candidate(inquiry, candidate, show_year=shows_year) for candidate in members[:MEMBERS_NAMED]]
    return inquiry.wording.members(named, len(members)) or "—"


def bars(
    inquiry: Inquiry, candidates: Sequence[Candidate], formula: Measure, shows_year: bool
) -> dict[str, object] | None:
    """A chart of a measure of several bodies, the first of them where there are many; ``None`` of fewer than two."""
    wording, known = inquiry.wording, [c for c in candidates if c.shown[0].value is not None]
    title = name_measure(wording, formula)
    points = [wording.body_year(c.first.body, c.first.year, show_year=shows_year) for c in known[:POINTS_SHOWN]]
    values = tuple(c.shown[0].value for c in known[:POINTS_SHOWN])
    return draw("bar", title, unit_of(formula), points, [Series(title, values)])


def _list_chart(inquiry: Inquiry, members: Sequence[Candidate], shows_year: bool) -> dict[str, object] | None:
    """Bars of what one measure is of all members; none where they share it, or where there are several measures."""
    formulas = shown_formulas(inquiry.plan, each=True)
    if shares_value(inquiry.plan) or len(formulas) > 1:
        return None
    return bars(inquiry, members, formulas[0], shows_year)
