"""What is quoted for a number holds the number, however the sentence is built."""

from __future__ import annotations

import pytest

from ingest.narrative.prose import read


@pytest.mark.parametrize(
    "text",
    [
        "（其中，约17%）公众开放日主题活动",
        "（其中，约17%））公众开放日主题活动",
        "（，17项，）行政处罚决定",
        "收到建议（其中，线上约17%）后已办理",
    ],
)
def test_a_number_in_brackets_is_inside_its_quote(text: str) -> None:
    reading = read(text, year=2023)
    assert reading.remainders
    for remainder in reading.remainders:
        assert "17" in text[remainder.start : remainder.end]


def test_a_list_without_end_states_nothing_but_does_no_harm() -> None:
    before, behind = "2023年收到政府信息公开申请5件。", "全年办结政府信息公开申请4件。"
    reading = read(before + "一件" * 1500 + "。" + behind, year=2023)
    assert [statement.value for statement in reading.statements if statement.metric == "applications_new"] == [5]
    listed = range(len(before), len(before) + 3000)
    assert not any(statement.number.start in listed for statement in reading.statements)
