"""Numbers that can't be: rules of a township, less than nothing, half a case, more than all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache

from ingest.checking.check_sides import TABLE_ORIGINS, one
from vectorstore.catalogue import catalogue
from vectorstore.folding import fold_label
from vectorstore.records import Check, CheckSide, Figure, Kind, Mention, Origin, Span

# A county and all below it can make no rules; a department of a higher level may keep those that it drafted.
_POWERLESS = (Kind.TOWNSHIP, Kind.SUBDISTRICT, Kind.ZONE, Kind.ZONE_DEPARTMENT, Kind.COUNTY)
_RULES = ("rules_issued", "rules_repealed", "rules_in_force", "rules_disclosed", "rules_disclosed_total")
_COUNTED_UNITS = ("件", "条", "次", "项")
_CHANGES = "_items_delta"
_RATE = "率"
# 增长率, 同比 may well be above 100%; what is done of what there was can't.
_RATES = ("办结率", "答复率", "办复率", "回复率", "满意率", "公开率", "及时率", "按时率", "准确率", "覆盖率", "处理率")
_HUNDRED = Decimal(100)


def find_value_faults(figures: Sequence[Figure], kind: Kind | None, report_id: str, body_id: str) -> Iterable[Check]:
    """A failing check for every figure that can't be right; a passing one for rules that are rightly 0.

    Args:
        kind: Of the issuer, ``body_id``; figures about other bodies aren't judged by it.
    """
    for figure in figures:
        if figure.value is None or figure.origin is Origin.DERIVED:
            continue
        if _is_count(figure.metric) and figure.value < 0:
            least = CheckSide("最小值", Decimal(0))
            yield Check(report_id, "negative_count", figure.metric_id, False, _named(figure), least)
        if not figure.qualifier and figure.value != int(figure.value) and _is_count(figure.metric):
            whole = CheckSide("应为整数", None)
            yield Check(report_id, "fractional_count", figure.metric_id, False, _named(figure), whole)
        if figure.body_id == body_id and _is_powerless(kind, figure):
            none = CheckSide("该类机关无规章制定权，应为", Decimal(0))
            yield Check(report_id, "power_to_make_rules", figure.metric_id, figure.value == 0, _named(figure), none)


@cache
def _is_count(metric: str) -> bool:
    return catalogue().metrics[metric].unit in _COUNTED_UNITS and not metric.endswith(_CHANGES)


def _named(figure: Figure) -> CheckSide:
    return one(catalogue().name(figure.metric_id), figure)


def _is_powerless(kind: Kind | None, figure: Figure) -> bool:
    if figure.metric not in _RULES or figure.origin not in TABLE_ORIGINS:
        return False
    return kind in _POWERLESS or (kind is Kind.DEPARTMENT and figure.metric == "rules_issued")


def find_rate_faults(mentions: Sequence[Mention], report_id: str) -> Iterable[Check]:
    """Rates of completion above 100%."""
    for mention in mentions:
        counted = fold_label(mention.counted)
        if mention.unit == "%" and mention.value > _HUNDRED and _RATE in counted and counted.endswith(_RATES):
            left = CheckSide(mention.counted, mention.value, (Span(mention.start, mention.end),))
            yield Check(report_id, "rate_over_100", mention.counted, False, left, CheckSide("最大值", _HUNDRED))
