"""How a list names its members: 2023年有2个开发区未收到政府信息公开申请, 2 zones received no applications in 2023."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from assistant.answering.whole_places import GOVERNMENTS
from assistant.lexicons import read_lexicon
from assistant.plan import Condition, Language, PlanScope
from vectorstore.catalogue import catalogue
from vectorstore.records import Kind


def _phrases() -> dict[str, dict[str, Any]]:
    return read_lexicon("membership")


@cache
def _designations() -> dict[frozenset[str], tuple[str, ...]]:
    """The terms of each sort of zone, by the name parts that tell it."""
    loaded = read_lexicon("scope")
    return {frozenset(entry["names"]): tuple(entry["terms"]) for entry in loaded["designation"]}


def designation(names: Sequence[str], language: Language) -> str | None:
    """The sort of zone that name parts tell, in the plural in English; ``None`` for any other name parts."""
    terms = _designations().get(frozenset(names), ())
    if language == "zh":
        return terms[0] if terms else None
    english = next((term for term in terms if term.isascii()), None)
    return f"{english}s" if english else None


def kind_name(kind: Kind | None, language: Language, count: int | None = None) -> str:
    """A kind of body in running text, in the plural unless it is one; any body at all for ``None``."""
    return _kind_words("body" if kind is None else kind.value, language, count)


def _kind_words(key: str, language: Language, count: int | None) -> str:
    names = _phrases()["kind"][key]
    name: str = names["zh"] if language == "zh" else names["one" if count == 1 else "many"]
    return name


def is_none(condition: Condition | None) -> bool:
    """Whether the condition asks for zero: 一件都没有 is less than one."""
    if condition is None:
        return False
    return condition.value == (1 if condition.comparison == "<" else 0) and condition.comparison in ("=", "<", "<=")


def is_some(condition: Condition | None) -> bool:
    """Whether the condition asks for anything above zero."""
    if condition is None:
        return False
    if condition.comparison == ">=":
        return condition.value == 1
    return condition.comparison in (">", "!=") and condition.value == 0


def metric_name(metric_id: str, language: Language) -> str:
    """The metric's name, its group before it in brackets' stead: 不予公开（国家秘密） for 不予公开：国家秘密."""
    name = catalogue().name(metric_id, language)
    if language == "zh":
        head, colon, rest = name.partition("：")
        # A name that ends with the applicant's column has brackets already.
        return f"{head}（{rest.replace('（', '，').removesuffix('）')}）" if colon else name
    head, colon, rest = name.partition(": ")
    return f"{head} ({rest.replace(' (', ', ').removesuffix(')')})" if colon else name


def has_or_has_none(metric_ids: Sequence[str], language: Language, *, some: bool, combine: str = "all") -> str | None:
    """What follows the bodies: 未收到政府信息公开申请; ``None`` where one of the metrics has no such phrase."""
    found = [_phrase(metric_id, language, "some" if some else "none") for metric_id in metric_ids]
    phrases = [phrase for phrase in found if phrase]
    if not phrases or len(phrases) < len(found):
        return None
    if language == "en":
        return (" or " if combine == "any" else " and ").join(phrases)
    if combine == "any":
        return "或".join(phrases)
    return ("且" if some else "也" if len(phrases) == 2 else "，也").join(phrases)


def _phrase(metric_id: str, language: Language, key: str) -> str | None:
    metric, column = catalogue().split(metric_id)
    phrases = _phrases()
    if column is not None:
        entry = phrases["column"].get(metric.id)
        named = catalogue().column(column)
        words = {"column": named.name_zh if language == "zh" else named.name_en}
    else:
        entry = phrases["metric"].get(metric.id) or phrases["table"].get(metric.table or "")
        words = {"metric": metric_name(metric_id, language)}
    return entry[key][language].format(**words) if entry else None


def bodies_of(scope: PlanScope, language: Language, count: int | None = None) -> str:
    """What the scope's bodies are called: 开发区, 高新区, 名称含“自然资源局”的机关; a noun that a count can precede."""
    if set(scope.kinds) == GOVERNMENTS:
        kinds = _kind_words("governments", language, count)
    else:
        kinds = ("、" if language == "zh" else ", ").join(kind_name(kind, language, count) for kind in scope.kinds)
    if not scope.names:
        return kinds or kind_name(None, language, count)
    sort = designation(scope.names, language)
    if sort is not None and set(scope.kinds) <= {Kind.ZONE}:
        return sort[:-1] if language == "en" and count == 1 else sort
    what = kinds or kind_name(None, language, count)
    if language == "zh":
        return f"名称含“{'、'.join(scope.names)}”的{what}"
    return f"{what} named “{', '.join(scope.names)}”"
