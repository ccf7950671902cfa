"""Whether words on a page are the form's own labels, whichever of its tables they belong to."""

from __future__ import annotations

from functools import lru_cache

from ingest.forms.labels import (
    application_columns,
    application_parents,
    application_rows,
    dispute_groups,
    dispute_results,
    label_key,
    proactive_columns,
    proactive_rows,
)

_COMMON = frozenset(("信息内容", "总计", "合计", "其他", "申请人情况", "法人或其他组织", "行政诉讼", "行政复议"))
_ARTICLE = "第二十条"
# Some of these stand in every table of the form.
_SIGNS = (_ARTICLE, "信息内容", "自然人", "结果维持", "本年新收", "尚未", "予以公开")


@lru_cache(maxsize=4096)
def is_known_label(text: str) -> bool:
    """Whether a text is a label of the form as a whole, numbering and punctuation aside."""
    key = label_key(text)
    if not key:
        return False
    if key in _COMMON or (key.startswith(_ARTICLE) and key.endswith("项")) or "勾稽关系" in text:
        return True
    sets = (
        application_rows(),
        application_parents(),
        application_columns(),
        proactive_rows(),
        proactive_columns(),
        dispute_groups(),
        dispute_results(),
    )
    return any(labels.exact(text) is not None for labels in sets)


def has_known_words(text: str) -> bool:
    """Whether a text holds words that the form's tables have; a quick test before a thorough one."""
    return any(sign in text for sign in _SIGNS)
