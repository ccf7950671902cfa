"""A sentence states just what its wording prints or denies."""

from __future__ import annotations

import pytest

from samples.draft import FormTable, Quantity, Sentence


@pytest.mark.parametrize(
    ("value", "printed"), [(0, "零"), (1, "一"), (2, "两"), (9, "九"), (10, "十"), (12, "十二"), (20, "20")]
)
def test_small_numbers_can_be_words(value: int, printed: str) -> None:
    assert Quantity(value).chinese == printed


def test_a_sentence_states_what_it_prints_and_nothing_else() -> None:
    quantities = {"applications_new": Quantity(3), "review_total": Quantity(1)}
    sentence = Sentence("any", "{short}收到申请{applications_new.chinese}件。", quantities, {"short": "我局"})
    assert sentence.text() == "我局收到申请三件。"
    assert list(sentence.readings()) == [("applications_new", 3)]
    assert list(sentence.evidence()) == [("applications_new", "我局收到申请三件")]


def test_a_denial_states_zero() -> None:
    sentence = Sentence("any", "{short}一切正常，未收到申请。", {}, {"short": "我局"}, ("applications_new",))
    assert list(sentence.readings()) == [("applications_new", 0)]
    assert list(sentence.evidence()) == [("applications_new", "未收到申请")]


def test_an_approximate_number_states_its_round_value() -> None:
    sentence = Sentence("any", "公开{proactive_total}条", {"proactive_total": Quantity(300, after="余")}, {})
    assert sentence.text() == "公开300余条"
    assert list(sentence.readings()) == [("proactive_total", 300)]


def test_blank_slashed_and_unlabelled_cells_state_nothing() -> None:
    cells = {"rules_issued": "/", "rules_repealed": "", "rules_in_force": "0", "result_partial__enterprise": "4"}
    table = FormTable("any", cells, lost=frozenset({"result_partial"}))
    assert dict(table.readings()) == {"rules_in_force": 0}
