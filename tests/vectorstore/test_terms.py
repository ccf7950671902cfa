"""The terms that full text and the bundled model count."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vectorstore.retrieval.query_terms import read_query
from vectorstore.terms import expand, terms_of


def test_a_run_gives_its_characters_and_then_its_bigrams() -> None:
    assert terms_of("公开日") == ["公", "开", "日", "公开", "开日"]


def test_digits_and_latin_letters_stay_whole() -> None:
    assert terms_of("2023年WeChat１２３45.6件") == ["2023", "年", "wechat", "12345.6", "件"]


def test_punctuation_ends_a_run() -> None:
    assert "开主" not in terms_of("公开，主动")


def test_traditional_characters_give_the_simplified_terms() -> None:
    assert terms_of("政府資訊") == terms_of("政府资讯")


@given(st.text())
def test_terms_survive_being_joined(text: str) -> None:
    assert expand(text).split() == terms_of(text)


def test_words_of_asking_are_not_looked_for() -> None:
    assert read_query("请问有哪些问题").own == ("问", "题", "问题")


def test_a_character_of_asking_stays_inside_a_name() -> None:
    own = read_query("成都和谐社区").own
    assert "成都" in own
    assert "都" not in own


def test_a_query_of_nothing_but_words_of_asking_keeps_them() -> None:
    assert read_query("什么").own
    assert read_query("！？").all == ()


def test_what_people_say_is_looked_for_as_reports_write_it() -> None:
    terms = read_query("毛病")
    assert terms.own == ("毛", "病", "毛病")
    assert {"问题", "不足"} <= set(terms.expansion)
    assert not set(terms.own) & set(terms.expansion)
    assert "问题" in read_query("What problems recur?").expansion
    assert read_query("refined").expansion == ()  # holds "fine" inside another word
