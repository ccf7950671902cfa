"""A Plan as a question: what was answered, where a follow-up left most of it to the conversation."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.membership_wording import has_or_has_none, is_none, is_some
from assistant.answering.wording import Wording
from assistant.lexicons import read_lexicon
from assistant.plan import Criterion, Plan
from vectorstore.catalogue import catalogue


def restate(plan: Plan, bodies: Sequence[str]) -> str | None:
    """The Plan as a question in its own language; ``None`` where there is nothing to say it with.

    Args:
        bodies: The names of the bodies that its scope holds, in that order.
    """
    wording = Wording(plan.language)
    among = wording.scope(plan.scope, bodies)
    if plan.scope.latest:
        among = _say("part", "latest", plan, among=among)
    if plan.subject == "figures" and plan.metrics:
        return _restate_figures(plan, wording, among)
    template = read_lexicon("restating")["subject"].get(plan.subject)
    words = " ".join(plan.quoted) or plan.words.strip(" ?？。")
    if plan.subject == "themes" and plan.aspect:
        words = wording.phrase(f"themes.{plan.aspect}")
    if template is None or ("{words}" in template[plan.language] and not words):
        return None
    return str(template[plan.language].format(among=among, words=words))


def _restate_figures(plan: Plan, wording: Wording, among: str) -> str:
    measure = _measure(plan, wording, plan)
    criteria = _criteria(plan, wording)
    key: str = plan.operation
    if plan.times:
        key = "times"
    if plan.aspect == "silent":
        criteria, key = _say("part", "silent", plan, measure=measure), "list"
    if key in ("list", "count") and not criteria:
        key = "list_all"
    elif key == "top":
        key = "place" if plan.place else "top"
        if plan.order != "descending":
            ends = {"ascending": "bottom", "both": "ends"}
            key = "place_bottom" if plan.place else ends[plan.order]
    elif key == "share" and not plan.denominators:
        key = "share_of_members"
    if criteria and key not in ("list", "count", "share_of_members"):
        among = _say("part", "among_criteria", plan, among=among, criteria=criteria)
    for key_of_groups, split in (("by", plan.group_by), ("within", plan.within)):
        if split:
            groups = _say("part", "joined", plan).join(_say("group", group, plan) for group in split)
            among = _say("part", key_of_groups, plan, among=among, groups=groups)
    return _say(
        "figures", key, plan, among=among, measure=measure, criteria=criteria, limit=plan.limit or 1, place=plan.place
    )


def _criteria(plan: Plan, wording: Wording) -> str:
    said = [_criterion(plan, criterion, wording) for criterion in plan.criteria]
    joined = wording.phrase(f"combine.{plan.combine}").join(said)
    if plan.years_running is None:
        return joined
    key = "running" if plan.years_running else "every_year"
    return _say("part", key, plan, criteria=joined, count=plan.years_running)


def _criterion(plan: Plan, criterion: Criterion, wording: Wording) -> str:
    if criterion.is_own:
        own = {"metrics": plan.metrics, "denominators": plan.denominators}
        change = {"change": criterion.change or plan.change, "since": criterion.since or plan.since}
        criterion = criterion.model_copy(update=own | change)
    is_level = not criterion.denominators and criterion.change is None
    is_plain = is_level and not (criterion.than or criterion.year or criterion.against or criterion.top)
    if is_plain and (is_none(criterion) or is_some(criterion)):
        phrase = has_or_has_none(criterion.metrics, plan.language, some=is_some(criterion), combine=plan.combine)
        if phrase:
            return phrase
    measure = _measure(plan, wording, criterion)
    if criterion.year is not None:
        measure = _say("part", "in_year", plan, measure=measure, year=criterion.year)
    if criterion.top is not None:
        return _say("part", f"first_{criterion.order}", plan, measure=measure, count=criterion.top)
    other = _say("part", criterion.against, plan) if criterion.against else wording.added(criterion.than)
    if other and criterion.value == 0 and criterion.comparison != "between":
        return _say("against", criterion.comparison, plan, measure=measure, other=other)
    if not is_level and (criterion.denominators or criterion.change == "percent"):
        condition = wording.share_condition(criterion)
    else:
        condition = wording.condition(criterion, catalogue().split(criterion.metrics[0])[0].unit)
    measure = _say("part", "less", plan, measure=measure, other=other) if other else measure
    return _say("part", "criterion", plan, measure=measure, condition=condition)


def _measure(plan: Plan, wording: Wording, measure: Plan | Criterion) -> str:
    is_one = measure.denominators or len(measure.metrics) == 1
    said = wording.added(measure.metrics) if is_one else wording.metrics_listed(measure.metrics)
    if measure.denominators:
        said = _say("part", "share", plan, measure=said, whole=wording.added(measure.denominators))
    if measure.change is None:
        return said
    base = _say("part", "year_before", plan) if measure.since is None else wording.year(measure.since)
    return _say("part", measure.change, plan, measure=said, base=base)


def _say(section: str, key: str, plan: Plan, **values: object) -> str:
    sentence: str = read_lexicon("restating")[section][key][plan.language]
    return sentence.format(**values)
