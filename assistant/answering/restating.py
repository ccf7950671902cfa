"""A Plan as a question: what was answered, where a follow-up left most of it to the conversation."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.addends import added_metrics
from assistant.answering.membership_wording import has_or_has_none, is_none, is_some
from assistant.answering.wording import Wording
from assistant.lexicons import read_lexicon
from assistant.plan import SURVEY, Criterion, Plan
from vectorstore.catalogue import catalogue
from vectorstore.records import SectionRole

_METRICS_NAMED = 4
"""A plan of more metrics names so many of them, and says how many there are."""


def restate(plan: Plan, bodies: Sequence[str], left_out: Sequence[Sequence[str]] = ()) -> str | None:
    """The Plan as a question in its own language; ``None`` where there is nothing to say it with.

    Args:
        bodies: The names of the bodies that its scope holds, in that order.
        left_out: The names of the bodies that each of the scopes which it excludes holds.
    """
    wording = Wording(plan.language)
    among = wording.scope(plan.scope, bodies)
    if plan.scope.latest:
        among = _say("part", "latest", plan, among=among)
    everything = wording.phrase("scope.everything")
    reports = among if among == everything else _say("part", "reports_of", plan, among=among)
    if among == everything and plan.language == "en":
        # Which of the bodies: "which of the all reports" is no English.
        among = wording.phrase("scope.bodies")
    exception = _exception(plan, wording, left_out)
    among, reports = among + exception, reports + exception
    if plan.subject == "figures" and plan.metrics:
        return _restate_figures(plan, wording, among)
    section, key = _template(plan)
    template = read_lexicon("restating")[section].get(key)
    words = " ".join(plan.quoted) or plan.words.strip(" ?？。")
    if plan.subject == "themes" and plan.aspect:
        words = wording.phrase(f"themes.{plan.aspect}")
    if template is None or ("{words}" in template[plan.language] and not words):
        return None
    role = (plan.aspect or "").removeprefix("without_")
    named = wording.phrase(f"section_role.{role}") if "{section}" in template[plan.language] else ""
    measure = _measure(plan, wording, plan) if plan.metrics else ""
    return str(
        template[plan.language].format(among=among, reports=reports, words=words, section=named, measure=measure)
    )


def _exception(plan: Plan, wording: Wording, left_out: Sequence[Sequence[str]]) -> str:
    """What its scope leaves out, in words that follow the scope's name: （不含界石镇）."""
    named = [*left_out, *([] for _ in plan.scope.excluded[len(left_out) :])]
    excluded = [
        wording.scope(scope, names, everyone=False) for scope, names in zip(plan.scope.excluded, named, strict=True)
    ]
    return wording.phrase("scope.except", excluded=wording.join(excluded)) if excluded else ""


def _template(plan: Plan) -> tuple[str, str]:
    """Section and key of the template of a plan that isn't about figures."""
    aspect = plan.aspect or ""
    if plan.subject == "passages":
        if aspect in set(SectionRole):
            return "passages", "section"
        if aspect in ("silent", SURVEY):
            return "passages", aspect
        if plan.quoted and plan.operation in ("list", "count"):
            return "passages", plan.operation
    if plan.subject == "reports":
        aspect = "without" if aspect.startswith("without_") else f"{aspect}_figure" if plan.metrics else aspect
    if plan.subject in ("checks", "reports") and aspect in read_lexicon("restating")[plan.subject]:
        return plan.subject, aspect
    return "subject", plan.subject


def restate_criterion(plan: Plan, criterion: Criterion) -> str:
    """One of a plan's criteria in words: 未收到政府信息公开申请."""
    return _criterion(plan, criterion, Wording(plan.language))


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
    elif key == "top" and plan.place:
        key = "place" if plan.order == "descending" else "place_bottom"
    elif key == "top":
        key = {"descending": "top", "ascending": "bottom", "both": "ends"}[plan.order]
        if (plan.limit or 1) == 1:
            key += "_one"
    elif key == "breakdown" and not plan.group_by and len(plan.metrics) > 1:
        key = "list_all"
    elif key == "breakdown" and plan.group_by == ("body",):
        key, plan = "list_all", plan.model_copy(update={"group_by": ()})
    if "outcome" in plan.group_by and len(plan.metrics) > _METRICS_NAMED:
        measure = _say("part", "outcomes", plan)
        plan = plan.model_copy(update={"group_by": tuple(group for group in plan.group_by if group != "outcome")})
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
    each = criterion.is_own
    if each:
        own = {"metrics": plan.metrics, "denominators": plan.denominators}
        change = {"change": criterion.change or plan.change, "since": criterion.since or plan.since}
        criterion = criterion.model_copy(update=own | change)
    is_level = not criterion.denominators and criterion.change is None
    is_plain = is_level and not (criterion.than or criterion.year or criterion.against or criterion.top)
    if is_plain and (is_none(criterion) or is_some(criterion)):
        phrase = has_or_has_none(criterion.metrics, plan.language, some=is_some(criterion), combine=plan.combine)
        if phrase:
            return phrase
    measure = _measure(plan, wording, criterion, each=each)
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


def _measure(plan: Plan, wording: Wording, measure: Plan | Criterion, *, each: bool = False) -> str:
    """What is measured, metrics that are added as such; ``each``: those of a criterion are meant one by one."""
    if measure.denominators:
        parts = [tuple(measure.metrics)]
    elif isinstance(measure, Criterion):
        parts = [(metric,) for metric in measure.metrics] if each else [tuple(measure.metrics)]
    else:
        parts = added_metrics(measure)
    said = wording.join(wording.added(part) for part in parts[:_METRICS_NAMED])
    if len(parts) > _METRICS_NAMED:
        said = _say("part", "and_more", plan, named=said, count=len(parts))
    if measure.denominators:
        said = _say("part", "share", plan, measure=said, whole=wording.added(measure.denominators))
    if measure.change is None:
        return said
    base = _say("part", "year_before", plan) if measure.since is None else wording.year(measure.since)
    return _say("part", measure.change, plan, measure=said, base=base)


def _say(section: str, key: str, plan: Plan, **values: object) -> str:
    sentence: str = read_lexicon("restating")[section][key][plan.language]
    return sentence.format(**values)
