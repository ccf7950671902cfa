"""The judge finds what an answer lacks, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from samples.questions.judge import malformed, misses

ROW = {"report_id": "r", "body": "甲镇", "year": 2023, "metric": "applications_new", "value": 3, "citations": [1]}
VALUE = {"body": ["甲镇"], "year": 2023, "value": 3}
ANSWER: dict[str, Any] = {
    "status": "answered",
    "text": "甲镇2023年收到3件[1]。",
    "value": 3,
    "rows": [ROW],
    "citations": [{"n": 1, "report_id": "r", "start": 0, "end": 4, "quote": "收到3件", "source": "x/a.txt"}],
    "options": [],
    "coverage": {
        "in_scope": 2,
        "stated": 1,
        "derived": 0,
        "conflicting": 0,
        "blank": 0,
        "unreadable": 0,
        "silent": 1,
    },
}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ({"status": ["answered"]}, {"status": ["partial"]}),
        ({"value": 3}, {"value": 2}),
        ({"value_any": [2, 3]}, {"value_any": [2]}),
        ({"members": [[["甲镇"], 2023]]}, {"members": [[["甲镇"], 2022]]}),
        ({"members": [[["乙镇", "甲镇"], 2023]]}, {"members": []}),
        ({"members_min": []}, {"members_min": [[["乙镇"], 2023]]}),
        ({"bodies": [["甲镇"]]}, {"bodies": [["甲镇"], ["乙镇"]]}),
        (
            {"values": [{"body": ["甲镇"], "year": 2023, "value": 3}]},
            {"values": [{"body": ["甲镇"], "year": 2023, "value": 4}]},
        ),
        ({"cells": [{"has": [["2023"]], "value": 3}]}, {"cells": [{"has": [["2022"]], "value": 3}]}),
        ({"numbers": [3]}, {"numbers": [4]}),
        ({"silent_min": 1}, {"silent_min": 2}),
        ({"cites": [{"file": "a.txt", "any": ["3件"]}]}, {"cites": [{"file": "b.txt", "any": ["3件"]}]}),
        ({"text_any": ["乙", "甲镇"]}, {"text_any": ["乙"]}),
        ({"text_none": ["乙"]}, {"text_none": ["甲镇"]}),
        ({"options_min": 0}, {"options_min": 1}),
        ({"either": [{"value": 2}, {"value": 3}]}, {"either": [{"value": 2}, {"value": 4}]}),
    ],
)
def test_what_is_there_is_no_miss_and_what_is_not_is(right: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert misses(right, ANSWER) == []
    assert misses(wrong, ANSWER) != []


def test_a_value_where_there_is_none_is_a_miss() -> None:
    assert misses({"value_null": True}, ANSWER) != []


def test_a_well_formed_answer_has_its_quotes_in_the_text() -> None:
    assert malformed(ANSWER, lambda _: "收到3件申请") == []
    assert malformed(ANSWER, lambda _: "共收到3件") != []


@pytest.mark.parametrize(
    "changed",
    [{"text": "甲镇[2]"}, {"rows": [ROW | {"citations": []}]}, {"coverage": ANSWER["coverage"] | {"in_scope": 3}}],
)
def test_an_uncited_value_or_mark_or_a_lost_report_is_found(changed: dict[str, Any]) -> None:
    assert malformed(ANSWER | changed, lambda _: "收到3件申请") != []
