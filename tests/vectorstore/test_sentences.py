from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.sentences import sentences


def cut(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公开12条。收到3件；办结3件！", ["公开12条。", "收到3件；", "办结3件！"]),
        ("他说“好。”然后走了。", ["他说“好。”", "然后走了。"]),
        ("（详见附件。）另有2件", ["（详见附件。）", "另有2件"]),
        ("收费3.5万元，见http://a.gov.cn/x?id=3;p=4。完", ["收费3.5万元，见http://a.gov.cn/x?id=3;p=4。", "完"]),
        ("第一行\n  第二行\n\n", ["第一行", "第二行"]),
        ("完了……。。真的？！", ["完了……。。", "真的？！"]),
        (" \n\t", []),
    ],
)
def test_sentences_end_at_their_marks_with_closing_quotes(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_a_range_is_cut_in_place() -> None:
    text = "甲。乙。丙。"
    assert [(s.start, s.end) for s in sentences(text, 2, 4)] == [(2, 4)]


@given(st.text(alphabet="甲乙0.,。！？；\n ”)a/?;", max_size=120), st.integers(0, 60), st.integers(0, 120))
def test_sentences_are_in_order_and_cover_all_but_white_space(text: str, start: int, end: int) -> None:
    start, end = min(start, len(text)), min(max(start, end), len(text))
    covered = start
    for span in sentences(text, start, end):
        assert covered <= span.start < span.end <= end
        assert not text[covered : span.start].strip()
        assert span.of(text) == span.of(text).strip()
        covered = span.end
    assert not text[covered:end].strip()
