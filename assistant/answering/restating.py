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
    measure = _measure(plan, wording, plan.metrics, plan.denominators, plan.change)
    criteria = _criteria(plan, wording)
    key: str = plan.operation
    if plan.aspect == "silent":
        criteria, key = _say("part", "silent", plan, measure=measure), "list"
    if key in ("list", "count") and not criteria:
        key = "list_all"
    elif key == "top":
        key = "place" if plan.place else "top"
        if plan.order == "ascending":
            key = "place_bottom" if plan.place else "bottom"
    elif key == "share" and not plan.denominators:
        key = "share_of_members"
    if criteria and key not in ("list", "count", "share_of_members"):
        among = _say("part", "among_criteria", plan, among=among, criteria=criteria)
    if plan.group_by:
        groups = _say("part", "joined", plan).join(_say("group", group, plan) for group in plan.group_by)
        among = _say("part", "by", plan, among=among, groups=groups)
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
    own = criterion.is_own
    metrics = plan.metrics if own else criterion.metrics
    denominators = plan.denominators if own else criterion.denominators
    change = plan.change if own else criterion.change
    if not denominators and change is None and (is_none(criterion) or is_some(criterion)):
        phrase = has_or_has_none(metrics, plan.language, some=is_some(criterion), combine=plan.combine)
        if phrase:
            return phrase
    measure = _measure(plan, wording, metrics, denominators, change)
    if denominators or change == "percent":
        condition = wording.share_condition(criterion)
    else:
        condition = wording.condition(criterion, catalogue().split(metrics[0])[0].unit)
    return _say("part", "criterion", plan, measure=measure, condition=condition)


def _measure(
    plan: Plan, wording: Wording, metrics: Sequence[str], denominators: Sequence[str], change: str | None
) -> str:
    said = wording.added(metrics) if denominators or len(metrics) == 1 else wording.metrics_listed(metrics)
    if denominators:
        said = _say("part", "share", plan, measure=said, whole=wording.added(denominators))
    return said if change is None else _say("part", change, plan, measure=said)


def _say(section: str, key: str, plan: Plan, **values: object) -> str:
    sentence: str = read_lexicon("restating")[section][key][plan.language]
    return sentence.format(**values)
