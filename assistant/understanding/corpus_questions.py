"""Questions about the corpus itself: what it holds and lacks, and where its reports contradict themselves.

The words are data (``lexicons/subjects.toml``, ``checks`` and ``reports``: one list for each aspect of `Plan`); here is
only which of them count where a question has several, and when they are no such question at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from assistant.plan import Criterion, Grouping, Operation, Plan, RegionLevel
from assistant.understanding.metric_words import NamedMetric
from assistant.understanding.reading import QuestionReading, wants_number
from vectorstore.catalogue import catalogue

_CHECKS = (
    "prose_against_table",
    "channels",
    "years_disagree",
    "implausible",
    "copied",
    "heading",
    "conflicts",
    "failed_checks",
    "all",
)
"""Aspects whose words say all, the more telling first."""
_TERMS = ("conflicts", "failed_checks")
"""Aspects whose words may themselves be what is to be explained."""
_CARRIED = ("applications_carried_in", "applications_carried_out")
_REPORTS = ("partial_tables", "picture_tables", "no_tables", "superseded")
_SECTIONS = "without_"
_SPLITS: dict[str, tuple[Grouping, RegionLevel | None]] = {
    "years": ("year", None),
    "provinces": ("region", "province"),
    "cities": ("region", "city"),
    "counties": ("region", "county"),
}
_LEVEL_WORDS: tuple[tuple[RegionLevel, tuple[str, ...]], ...] = (
    ("province", ("省", "province")),
    ("county", ("县", "county", "counties", "district")),
    ("city", ("市", "city", "cities")),
)
_UNITS = ("blank", "unreadable")
_EITHER_NUMBER = re.compile(r"^(?:so )?(?:is|was|which) .*\b\d[\d,]* or \d")
"""Is the figure 153 or 9, but not: did it get 1 or 2 applications."""


def check_plan(reading: QuestionReading, metrics: Sequence[NamedMetric], base: Plan) -> Plan | None:
    """The plan of a question about contradictions and faults; ``None`` where it is about none."""
    if reading.has("question", "mention"):
        return None  # 谁提到数据质量 looks for the words
    aspect = _check_aspect(reading, metrics, base)
    if aspect is None or (aspect in _TERMS and reading.has("definition") and not base.scope.bodies):
        return None  # 啥叫勾稽关系
    named = tuple(m.metric_id for m in metrics)
    if aspect == "years_disagree":
        # 结转对得上吗 is about what was carried in, which a check of two years is named after.
        named = _CARRIED[:1] if any(metric_id.startswith(_CARRIED) for metric_id in named) else ()
    elif aspect in ("heading", "copied", "all"):
        named = ()
    return base.model_copy(update={"subject": "checks", "aspect": aspect, "operation": "list", "metrics": named})


def _check_aspect(reading: QuestionReading, metrics: Sequence[NamedMetric], base: Plan) -> str | None:
    agreement = reading.has("checks", "agreement")
    carried = any(metric.metric_id.startswith(_CARRIED) for metric in metrics)
    if agreement and (carried or reading.has("checks", "former_year")):
        return "years_disagree"
    if agreement and reading.has("checks", "text_and_table"):
        return "prose_against_table"
    if agreement and reading.has("checks", "parts_and_total"):
        return "channels"
    for aspect in _CHECKS:
        if reading.has("checks", aspect):
            return aspect
    if reading.has("checks", "faults") and names_reports(reading):
        return "all"
    either = reading.has("checks", "either_number") or _EITHER_NUMBER.search(reading.text)
    if base.scope.bodies and len(reading.numbers) > 1 and either:
        return "conflicts"  # 定襄到底153还是9
    return None


def report_plan(reading: QuestionReading, metrics: Sequence[NamedMetric], base: Plan) -> Plan | None:
    """The plan of a question about the reports as such; ``None`` where it is about what they say."""
    if reading.has("question", "mention", "contact"):
        return None
    counted = wants_number(reading)
    operation: Operation = "count" if counted in ("reports", "bodies") else "list"
    plan = base.model_copy(update={"subject": "reports", "operation": operation})
    for aspect in _REPORTS:
        if reading.has("reports", aspect):
            return plan.model_copy(update={"aspect": aspect})
    is_said = reading.has("reports", "missing") and not metrics
    if is_said or _says_none_reported(reading, metrics) or _asks_whether_reported(reading, base):
        return plan.model_copy(update={"aspect": "missing"})
    for aspect in _UNITS:
        if reading.has("reports", aspect):
            return plan.model_copy(update={"aspect": aspect, "metrics": tuple(m.metric_id for m in metrics)})
    if metrics and not (_only_proactive(metrics) and reading.has("reports", "issued_on")):
        return None
    section = next((v for t in reading.tagged("reports") for v in t.values("reports") if v.startswith(_SECTIONS)), None)
    if section is not None:
        return plan.model_copy(update={"aspect": section})
    return _measured(reading, plan) or _listed(reading, plan, counted)


def _says_none_reported(reading: QuestionReading, metrics: Sequence[NamedMetric]) -> bool:
    """Whether 没有发布报告 is asked for: publish is a word of the proactive total elsewhere."""
    if metrics and not (_only_proactive(metrics) and (reading.language == "en" or reading.has("reports", "published"))):
        return False
    return names_reports(reading) and reading.has("polarity", "none") and not reading.has("polarity", "whether")


def _only_proactive(metrics: Sequence[NamedMetric]) -> bool:
    """Whether published, of a report, is all that was taken for a metric."""
    return all(catalogue().split(metric.metric_id)[0].id == "proactive_total" for metric in metrics)


def _asks_whether_reported(reading: QuestionReading, base: Plan) -> bool:
    """Whether it is asked if bodies that are named have reported: 界石镇2022年发布报告了吗."""
    is_whether = reading.has("polarity", "whether") or reading.text.rstrip(" ?？").endswith(("吗", "没", "没有"))
    told = reading.has("reports", "published") or reading.has("polarity", "whether", "some")
    named = base.scope.bodies or base.scope.names
    others = any(len(u.text) > 1 and u.original not in base.scope.names for u in reading.unknown)
    asks_else = reading.has("aspect") or reading.has("question", "how_many")
    return bool(is_whether and told and named and names_reports(reading)) and not (others or asks_else)


def _measured(reading: QuestionReading, plan: Plan) -> Plan | None:
    """What is measured of reports: their length, their dates, their years."""
    ascending = reading.has("operation", "bottom")
    for aspect, up, down in (("length", "shortest", "longest"), ("issued_on", "dated_first", "dated_last")):
        if reading.has("reports", up, down):
            ascending = reading.has("reports", up)
            return _top(reading, plan, aspect, ascending=ascending)
    if reading.has("reports", "length"):
        if ascending or reading.has("operation", "top"):
            return _top(reading, plan, "length", ascending=ascending)
        return plan.model_copy(update={"aspect": "length", "operation": "mean"})
    if reading.has("reports", "issued_on"):
        return plan.model_copy(update={"aspect": "issued_on", "operation": "value"})
    if reading.has("reports", "several_years", "one_year") or (reading.has("running") and names_reports(reading)):
        return _several_years(reading, plan)
    if reading.has("reports", "earliest"):
        return plan.model_copy(update={"aspect": "latest", "order": "ascending"})
    if reading.has("time", "latest") and reading.has("definition") and names_reports(reading):
        return plan.model_copy(update={"aspect": "latest", "scope": plan.scope.model_copy(update={"latest": False})})
    return None


def _several_years(reading: QuestionReading, plan: Plan) -> Plan:
    """Bodies by the number of their reports' years: 两年以上, 三年都有, 只有一年."""
    running = next((int(v) for t in reading.tagged("running") for v in t.values("running")), 0)
    number = next((n.value for n in reading.numbers), Decimal(running) if running else None)
    criteria: tuple[Criterion, ...] = ()
    if reading.has("reports", "one_year"):
        criteria = (Criterion(comparison="=", value=Decimal(1)),)
    elif number is not None:
        criteria = (Criterion(comparison=">=", value=number),)
    scope = plan.scope.model_copy(update={"latest": False})
    return plan.model_copy(update={"aspect": "several_years", "criteria": criteria, "scope": scope})


def _top(reading: QuestionReading, plan: Plan, aspect: str, *, ascending: bool) -> Plan:
    limit = next((int(n.value) for n in reading.numbers if n.value == int(n.value) and 0 < n.value < 1000), 1)
    order = "ascending" if ascending else "descending"
    return plan.model_copy(update={"aspect": aspect, "operation": "top", "order": order, "limit": limit})


def _listed(reading: QuestionReading, plan: Plan, counted: str | None) -> Plan | None:
    """Which reports, bodies, years or places there are, and how many."""
    held = reading.has("reports", "holdings")
    kinds = reading.has("kind") or reading.has("designation")
    if held and not kinds:
        return plan.model_copy(update={"aspect": "holdings", "operation": "list"})
    if reading.has_own_words or reading.has("aspect") or reading.has("ratio"):
        return None
    scope = plan.scope.model_copy(update={"latest": False})
    split = _split(reading)
    if split is not None:
        grouping, level = split
        listed = reading.has("reports", *_SPLITS) or reading.has("asked_group", grouping)
        return plan.model_copy(
            update={
                "subject": "reports" if names_reports(reading) or not names_kind(reading) else "bodies",
                "operation": "list" if listed else "breakdown",
                "group_by": (grouping,),
                "region_level": level,
                "scope": scope,
            }
        )
    if counted in ("reports", "bodies"):
        bodies = counted == "bodies" and reading.has("body")
        subject = "reports" if counted == "reports" or (names_reports(reading) and not bodies) else "bodies"
        return plan.model_copy(update={"subject": subject, "operation": "count"})
    if not (reading.has("operation", "list") or held):
        return None
    if names_reports(reading):
        aspect = "latest" if reading.has("time", "latest") and not reading.bodies else None
        return plan.model_copy(update={"scope": scope, "aspect": aspect})
    return plan.model_copy(update={"subject": "bodies"}) if names_kind(reading) else None


def _split(reading: QuestionReading) -> tuple[Grouping, RegionLevel | None] | None:
    named = next((v for t in reading.tagged("reports") for v in t.values("reports") if v in _SPLITS), None)
    if named is not None:
        return _SPLITS[named]
    groupings: tuple[Grouping, ...] = ("year", "kind", "region")
    for grouping in groupings:
        tags = [*reading.tagged("group", grouping), *reading.tagged("asked_group", grouping)]
        if tags:
            return grouping, _level(tags[0].surface) if grouping == "region" else None
    return ("year", None) if reading.has("time", "all") and names_reports(reading) else None


def _level(surface: str) -> RegionLevel | None:
    return next((level for level, words in _LEVEL_WORDS if any(word in surface for word in words)), None)


def singles_out(plan: Plan | None) -> bool:
    """Whether a plan is for the longest, the latest report and the like: what is the longest report defines no term."""
    return plan is not None and (plan.operation == "top" or plan.aspect == "latest")


def names_reports(reading: QuestionReading) -> bool:
    """Whether the question speaks of reports."""
    return reading.has("counter", "reports")


def names_kind(reading: QuestionReading) -> bool:
    """Whether the question speaks of bodies, of any kind or one."""
    return reading.has("kind") or reading.has("designation") or reading.has("body")
