"""Values, lists and counts: what single reports say, and which of them satisfy a condition."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from assistant.answering.absence import no_reports, none_states, reason
from assistant.answering.citations import markers
from assistant.answering.coverage import cover, coverage_in_words
from assistant.answering.inquiry import Draft, Inquiry
from assistant.answering.membership_wording import bodies_of, has_or_has_none, is_none, is_some
from assistant.answering.observations import (
    Observation,
    by_unit,
    cite,
    conflict_in_words,
    conflict_warnings,
    derivation,
    observe,
    observe_elsewhere,
    quantity,
    readings_in_words,
    rows_of,
)
from assistant.answering.wording import MEMBERS_NAMED, as_number
from assistant.figures.membership import Membership, keep_running, sort_members
from assistant.plan import Condition, PlanScope


def answer_value(inquiry: Inquiry) -> Draft:
    """What the bodies in scope say: one row for each body, year and metric."""
    plan, wording = inquiry.plan, inquiry.wording
    observations = observe_named(inquiry, plan.metrics)
    if not observations:
        return no_reports(inquiry)
    if not any(o.values for o in observations):
        return none_states(inquiry, observations)
    shown = observations[:MEMBERS_NAMED]
    sentences = [wording.clauses(describe(inquiry, observation) for observation in shown)]
    if len(observations) > len(shown):
        sentences[0] = sentences[0][:-1] + wording.phrase("list.more", count=len(observations)) + wording.clauses([""])
    years = {o.year for o in observations if o.year is not None}
    if plan.scope.latest and years:
        sentences.append(wording.say("value.latest", years=wording.years(years)))
    sentences += [
        wording.say("value.elsewhere", body=o.body, year=wording.year(o.year), source=wording.report(o.report))
        for o in shown
        if o.body_id != o.report.body_id
    ]
    missing = _missing_bodies(inquiry, observations)
    sentences += missing
    coverage = cover(inquiry.reports, [o for o in observations if o.is_own])
    if len(inquiry.reports) > 1 and not plan.scope.bodies:
        # Bodies whose value is unknown have their clause above.
        told = {o.unit_of_count for o in shown} if len(shown) == len(observations) else set()
        sentences += coverage_in_words(inquiry, coverage, observations, told)
    incomplete = bool(missing) or any(o.value is None for o in observations)
    single = observations[0] if len(observations) == 1 else None
    return Draft(
        "partial" if incomplete else "answered",
        sentences,
        value=as_number(single.value) if single else None,
        unit=single.unit if single else None,
        rows=rows_of(inquiry, observations),
        coverage=coverage,
        warnings=conflict_warnings(inquiry, observations),
    )


def observe_named(inquiry: Inquiry, metric_ids: Sequence[str], scope: PlanScope | None = None) -> list[Observation]:
    """What the reports in scope say and, of named bodies, what other reports say of years that theirs don't tell."""
    scope = scope or inquiry.plan.scope
    own = observe(inquiry, metric_ids, scope)
    if not scope.bodies:
        return own
    known = {(*o.unit_of_count, o.metric_id) for o in own if o.values}
    unknown = {(*o.unit_of_count, o.metric_id) for o in own} - known
    reporting = {o.body_id for o in own}
    elsewhere: dict[tuple[str, int | None, str | None], Observation] = {}
    for observation in observe_elsewhere(inquiry, metric_ids, scope.bodies, scope.years):
        key = (*observation.unit_of_count, observation.metric_id)
        # Of a body whose latest report is meant, a year that only another report tells is not asked for.
        asked = key in unknown or (observation.body_id not in reporting if scope.latest else key not in known)
        if asked:
            elsewhere.setdefault(key, observation)
    if scope.latest:
        elsewhere = _last_years(elsewhere)
    told = [elsewhere.pop((*o.unit_of_count, o.metric_id), o) for o in own]
    order = {body_id: position for position, body_id in enumerate(scope.bodies)}
    wanted = list(metric_ids)
    return sorted(
        [*told, *elsewhere.values()],
        key=lambda o: (order.get(o.body_id, len(order)), o.year or 0, wanted.index(o.metric_id or wanted[0])),
    )


def _last_years(
    elsewhere: dict[tuple[str, int | None, str | None], Observation],
) -> dict[tuple[str, int | None, str | None], Observation]:
    last: dict[str, int] = {}
    for body_id, year, _ in elsewhere:
        last[body_id] = max(last.get(body_id, 0), year or 0)
    return {key: o for key, o in elsewhere.items() if (key[1] or 0) == last[key[0]]}


def describe(inquiry: Inquiry, observation: Observation) -> str:
    """What is known of one body, year and metric, as a clause with its citations."""
    wording = inquiry.wording
    if not observation.values:
        return reason(inquiry, observation)
    metric = wording.metric([observation.metric_id]) if observation.metric_id else wording.added(inquiry.plan.metrics)
    named = {"body": observation.body, "year": wording.year(observation.year), "metric": metric}
    if observation.state == "conflicting":
        return conflict_in_words(inquiry, observation)
    value, cites = quantity(inquiry, observation), markers(cite(inquiry, observation))
    if observation.state == "derived":
        note = derivation(inquiry, observation)
        return wording.phrase("value.derived", value=value, note=note, cites=cites, **named)
    return wording.phrase("value.known", value=value, cites=cites, **named)


def _missing_bodies(inquiry: Inquiry, observations: Sequence[Observation]) -> list[str]:
    """For each named body and year that nothing is known of: that the corpus holds no such report."""
    wording, scope = inquiry.wording, inquiry.plan.scope
    told = {o.unit_of_count for o in observations}
    sentences = []
    for body in inquiry.bodies.values():
        has_any = any(body_id == body.body_id for body_id, _ in told)
        absent = [year for year in scope.years if (body.body_id, year) not in told]
        if absent or not has_any:
            named = f"{body.name}{wording.phrase('scope.years', years=wording.years(absent))}" if absent else body.name
            sentences.append(wording.say("absent.no_report", scope=named))
    return sentences


def answer_list(inquiry: Inquiry) -> Draft:
    """The bodies whose figures satisfy the condition; ``value`` counts them, each body and year as one."""
    plan, wording = inquiry.plan, inquiry.wording
    observations = observe(inquiry, plan.metrics)
    if not observations:
        return no_reports(inquiry)
    membership = sort_members(observations, plan.condition, plan.combine)
    if plan.years_running is not None:
        membership = keep_running(membership, plan.years_running)
    if not any((membership.members, membership.others, membership.undecided)):
        return none_states(inquiry, observations)
    several_years = len({unit[0].year for unit in by_unit(observations)}) > 1
    units = ordered(membership.members, plan.order) if plan.condition else membership.members
    # In the order of the text, so that the markers count up as one reads.
    members = [name_member(inquiry, unit, several_years, plan.condition) for unit in units]
    sentences = [say_members(inquiry, membership, units, members, observations[0].unit)]
    if plan.years_running is not None:
        key = "list.running" if plan.years_running else "list.every_year"
        sentences.append(wording.say(key, count=plan.years_running))
    if membership.undecided:
        undecided = [name_undecided(inquiry, unit, several_years) for unit in membership.undecided]
        sentences.append(wording.say("list.undecided", count=len(undecided), members=wording.members(undecided)))
    coverage = cover(inquiry.reports, observations)
    told = {unit[0].unit_of_count for unit in membership.undecided}
    listed = [o for unit in units for o in unit]
    return Draft(
        "partial" if membership.undecided else "answered",
        sentences + coverage_in_words(inquiry, coverage, observations, told),
        # Year after year it is the bodies that count; else each body and year.
        value=len(units if plan.years_running is None else {unit[0].unit_of_count[0] for unit in units}),
        unit=wording.phrase("unit.bodies"),
        rows=rows_of(inquiry, listed),
        coverage=coverage,
        warnings=conflict_warnings(inquiry, [*listed, *(o for unit in membership.undecided for o in unit)]),
    )


def say_members(
    inquiry: Inquiry,
    membership: Membership,
    units: Sequence[Sequence[Observation]],
    members: Sequence[str],
    unit_name: str,
) -> str:
    """Who satisfies the condition, in a sentence that speaks of the bodies rather than of the metric's value."""
    plan, wording = inquiry.plan, inquiry.wording
    condition, scope = plan.condition, plan.scope
    named = [body.name for body in inquiry.bodies.values()]
    counted = units or membership.others
    said = {
        "when": wording.when(scope, named),
        "who": wording.counted(scope, named, [unit[0].unit_of_count for unit in counted]),
        "members": wording.members(members),
        "metric": wording.metric(plan.metrics, plan.combine),
        "condition": wording.condition(condition, unit_name) if condition else "",
        "what": bodies_of(scope, wording.language),
    }
    if condition is None:
        return wording.say("list.stating", **{**said, "metric": wording.metrics_listed(plan.metrics)})
    phrase = None
    if is_none(condition) or is_some(condition):
        phrase = has_or_has_none(plan.metrics, wording.language, some=is_some(condition), combine=plan.combine)
    if units:
        return wording.say("list.phrased" if phrase else "list.conditioned", phrase=phrase, **said)
    if not counted:
        return wording.say("list.none_known", **said)
    if phrase and len(plan.metrics) == 1:
        opposite = has_or_has_none(plan.metrics, wording.language, some=is_none(condition))
        return wording.say("list.all_have", phrase=opposite, **said)
    return wording.say("list.none_phrased" if phrase else "list.none_conditioned", phrase=phrase, **said)


def ordered(units: list[list[Observation]], order: str) -> list[list[Observation]]:
    """Members by their first metric's value, equal ones in the order of the reports."""
    sign = -1 if order == "descending" else 1
    return sorted(units, key=lambda unit: sign * (unit[0].value or Decimal(0)))


def name_member(
    inquiry: Inquiry, unit: Sequence[Observation], show_year: bool, condition: Condition | None = None
) -> str:
    """A member as the text names it: with its value unless all members share it, and its citations."""
    wording = inquiry.wording
    name = wording.body_year(unit[0].body, unit[0].year, show_year=show_year)
    numbers = dict.fromkeys(n for observation in unit for n in cite(inquiry, observation))
    if condition is not None and condition.comparison == "=":
        return name + markers(numbers)
    values = wording.join(quantity(inquiry, o) for o in unit if o.value is not None)
    return f"{name}{' ' if wording.language == 'en' else ''}{values}{markers(numbers)}"


def name_undecided(inquiry: Inquiry, unit: Sequence[Observation], show_year: bool) -> str:
    """A member that can't be decided: with both of its readings."""
    name = inquiry.wording.body_year(unit[0].body, unit[0].year, show_year=show_year)
    conflicting = [readings_in_words(inquiry, o) for o in unit if o.state == "conflicting"]
    return f"{name}{' ' if inquiry.wording.language == 'en' else ''}{inquiry.wording.join(conflicting)}"
